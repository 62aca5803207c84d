import type { Difference } from "./differences.ts";
import type { Essence } from "./essence.ts";

/** One request of the suite, byte by byte, and in what its answer may differ. */
export interface SuiteRequest {
  readonly name: string;
  /** A character a byte. */
  readonly text: string;
  readonly differs?: Difference;
  /** What the ambassador answers with where its status differs, too. */
  readonly status?: number;
  /** The only part that differs; without it any part may. */
  readonly only?: keyof Essence;
}

/** A request that is written out. */
export function raw(
  name: string,
  text: string,
  differs?: Difference,
  beyond: Pick<SuiteRequest, "status" | "only"> = {},
): SuiteRequest {
  return { name, text, ...(differs && { differs }), ...beyond };
}

/** A GET of a path, with nothing to it. */
export function get(path: string): SuiteRequest {
  const name = `GET ${path.length > 100 ? `a path of ${path.length} characters` : path}`;
  return { name, text: request(`GET ${path}`) };
}

/** The headers that all but a few have. */
export const localhost = "Host: localhost\r\nUser-Agent: suite\r\n";

/** The text of a request on localhost: its first line without the version, then more headers, then a body. */
export function request(line: string, headers: readonly string[] = [], body = ""): string {
  return `${line} HTTP/1.1\r\n${localhost}${headers.map((header) => `${header}\r\n`).join("")}\r\n${body}`;
}

export const json = "Content-Type: application/json";

/** A request with JSON and its length. */
export function sized(line: string, body: string, ...headers: string[]): string {
  return request(line, [json, `Content-Length: ${Buffer.byteLength(body)}`, ...headers], bytes(body));
}

/** A chunked body of these parts, and its end. */
export function chunks(...parts: string[]): string {
  return [...parts.map(bytes), ""].map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join("");
}

function bytes(text: string): string {
  return Buffer.from(text).toString("latin1");
}
