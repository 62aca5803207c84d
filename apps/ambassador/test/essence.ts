import { type RawAnswer, rawHttp } from "./raw-http.ts";

/** What matters of an answer: what is left is of one connection or of one moment. */
export interface Essence {
  /** As in `1.1`. */
  readonly version: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** Whether the connection ended with it: a client has to know when to send the next request. */
  readonly closed: boolean;
}

/** Of one connection, or of one moment; lengths and codings show in the text. */
const passing = ["date", "audit-id", "connection", "keep-alive", "transfer-encoding", "content-length"];
/** Documents of an API server that has just started are made anew for some seconds: that it's told counts, not when that was. */
const momentary = "last-modified";
const moment = /"(resourceVersion|uid|creationTimestamp|time)":"[^"]*"/g;

function essence({ version, status, headers, body, closed }: RawAnswer): Essence {
  const kept = Object.entries(headers)
    .filter(([name]) => !passing.includes(name))
    .map(([name, value]) => [name, name === momentary ? "" : value] as const);
  // compressed, the moment in it can't be told apart
  const text = headers["content-encoding"] === "gzip" ? "" : body.replaceAll(moment, '"$1":""');
  return { version, status, headers: Object.fromEntries(kept), text, closed };
}

/** Asks a port of 127.0.0.1, byte by byte. The end of the connection is waited for as `rawHttp` does, or for `lingerMs`. */
export async function ask(port: number, text: string, lingerMs?: number): Promise<Essence> {
  const [answer] = await rawHttp(port, text, { heads: text.startsWith("HEAD "), ...(lingerMs && { lingerMs }) });
  if (answer === undefined) throw new Error("the connection ended without an answer");
  return essence(answer);
}
