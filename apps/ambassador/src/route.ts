import type { RequestTarget } from "./request-target.ts";

/** Where a request goes. */
export type Route =
  | { readonly kind: "forward"; readonly target: RequestTarget }
  | { readonly kind: "redirect"; readonly location: string }
  | { readonly kind: "not-found" }
  | { readonly kind: "refuse"; readonly status: 400 | 414; readonly why: string };

/** The filter's patterns are tried on each path, and some patterns take time by the square of its length. No path of the API is as long. */
const longestPath = 4096;

/**
 * Routes as kubectl proxy does (k8s.io/kubectl/pkg/proxy/proxy_server.go, and Go's ServeMux before it): a path with `//`, `.` or `..` in it
 * is redirected to the path it means, so that the filter sees what the server will see; one outside `apiPrefix` is not found; and the
 * prefix goes but for its last slash, unless it begins with `/api`. Beyond that, dots that are percent-encoded are refused: no client sends them.
 * `apiPrefix` begins and ends with a slash.
 */
export function route(target: RequestTarget, apiPrefix: string): Route {
  const { path, rawPath, query } = target;
  if (rawPath.length > longestPath) {
    return { kind: "refuse", status: 414, why: `its path has more than ${longestPath} characters` };
  }
  const clean = cleanPath(rawPath);
  const location = `${clean}/` === apiPrefix ? apiPrefix : clean;
  if (location !== rawPath) return { kind: "redirect", location: location + query };
  if (/\/\.{1,2}(\/|$)/.test(path)) {
    return { kind: "refuse", status: 400, why: "its path has an encoded . or .. in it" };
  }
  if (!rawPath.startsWith(apiPrefix)) return { kind: "not-found" };
  if (apiPrefix.startsWith("/api")) return { kind: "forward", target };
  const at = apiPrefix.length - 1;
  return { kind: "forward", target: { ...target, path: path.slice(at), rawPath: rawPath.slice(at) } };
}

/** Go's path.Clean, with the last slash kept. */
function cleanPath(path: string): string {
  // nothing to do for nearly every path: no empty segment but the last, and none of dots
  if (path !== "" && !/\/(\/|\.{1,2}(\/|$))/.test(path)) return path;
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  return `/${kept.join("/")}${path.endsWith("/") && kept.length > 0 ? "/" : ""}`;
}
