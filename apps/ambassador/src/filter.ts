import { isSafe } from "./method.ts";

/** Which requests pass. The patterns are kubectl proxy's, but for their dialect: JavaScript's regular expressions, not Go's. */
export interface FilterOptions {
  /** One of them has to match the host, without its port. */
  readonly acceptHosts: readonly RegExp[];
  /** One of them has to match the path. */
  readonly acceptPaths: readonly RegExp[];
  /** None of them may match the path, whatever accepts it. */
  readonly rejectPaths: readonly RegExp[];
  /** None of them may match the method. */
  readonly rejectMethods: readonly RegExp[];
  /** Only what is safe passes: GET, HEAD and OPTIONS, and no tunnel. */
  readonly readOnly: boolean;
}

/** What the filter looks at. */
export interface FilteredRequest {
  readonly method: string;
  /** Percent-decoded, without the API prefix. */
  readonly path: string;
  /** Without a port. */
  readonly host: string;
  /** Whether it asks for a tunnel, as exec, attach and port-forward do: once it is there, no filter sees what goes through. */
  readonly upgrade: boolean;
}

/** Why a request does not pass, in words for who sent it; undefined where it passes. */
export function refusalOf(request: FilteredRequest, options: FilterOptions): string | undefined {
  const { method, path, host, upgrade } = request;
  const { acceptHosts, acceptPaths, rejectPaths, rejectMethods, readOnly } = options;
  if (!matches(host, acceptHosts)) return `the host ${JSON.stringify(host)} is not one of --accept-hosts`;
  if (matches(path, rejectPaths)) return "the path is one of --reject-paths";
  if (!matches(path, acceptPaths)) return "the path is not one of --accept-paths";
  if (matches(method, rejectMethods)) return `${method} is one of --reject-methods`;
  if (!readOnly) return undefined;
  if (!isSafe(method)) return `${method} changes things, and the ambassador is --read-only`;
  if (upgrade) return "a tunnel can change things, and the ambassador is --read-only";
  return undefined;
}

function matches(text: string, patterns: readonly RegExp[]): boolean {
  return patterns.some((pattern) => pattern.test(text));
}

/**
 * Reads a list of patterns, separated by commas as kubectl proxy has them (so that no pattern can hold one); empty is none.
 *
 * @throws a SyntaxError where one is no regular expression.
 */
export function parsePatterns(text: string): readonly RegExp[] {
  // "s": a dot is any character, also one that ends a line, so that none of them hides what comes before it from what comes behind
  return text === "" ? [] : text.split(",").map((pattern) => new RegExp(pattern, "s"));
}
