import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** An answer, as it came over the wire. */
export interface RawAnswer {
  /** As in `1.1`. */
  readonly version: string;
  readonly status: number;
  /** By lower-case names; the values of a repeated one joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without its chunked coding. */
  readonly body: string;
  /** What came behind a chunked body, line by line. */
  readonly trailers: readonly string[];
  /** Whether the server closed the connection with it. */
  readonly closed: boolean;
}

const deadlineMs = 15_000;

/** How long after an answer its connection may end and be said to have ended with it, in milliseconds. */
const lingerMs = 50;

export interface RawHttpOptions {
  readonly count?: number;
  /** The request is a HEAD: its answer has no body. */
  readonly heads?: boolean;
  readonly lingerMs?: number;
}

/**
 * Sends the text as it is to a port of 127.0.0.1, and reads as many answers as `count` tells; fewer, if the connection ends before. It knows
 * nothing of what HTTP allows, which is the point. Half a body is an error; that of a 101 is all that comes.
 */
export async function rawHttp(port: number, text: string, options: RawHttpOptions = {}): Promise<RawAnswer[]> {
  const { count = 1, heads = false } = options;
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    socket.write(text, "latin1");
    const reader = createReader(socket, options.lingerMs ?? lingerMs);
    const answers: RawAnswer[] = [];
    while (answers.length < count) {
      const answer = await readAnswer(reader, heads);
      if (answer === undefined) break;
      if (answer.status === 101 || answer.status >= 200) answers.push(answer);
    }
    return answers;
  } finally {
    socket.destroy();
  }
}

/** Bytes of a socket, by line, by count or to the end. */
interface Reader {
  readonly line: () => Promise<string | undefined>;
  readonly bytes: (count: number) => Promise<string>;
  readonly rest: () => Promise<string>;
  /** Whether the end is there, or comes at once. */
  readonly ends: () => Promise<boolean>;
}

function createReader(socket: Socket, lingerMs: number): Reader {
  let buffer = "";
  let ended = false;
  let wake = (): void => {};
  const timer = setTimeout(() => socket.destroy(new Error(`no answer in ${deadlineMs} ms`)), deadlineMs);
  const end = (): void => {
    ended = true;
    clearTimeout(timer);
    wake();
  };
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    buffer += chunk;
    wake();
  });
  socket.once("end", end);
  socket.once("error", end);
  socket.once("close", end);
  const more = (): Promise<void> => new Promise((resolve) => (wake = resolve));
  const take = (count: number): string => {
    const taken = buffer.slice(0, count);
    buffer = buffer.slice(count);
    return taken;
  };
  return {
    async line() {
      while (!buffer.includes("\n") && !ended) await more();
      const at = buffer.indexOf("\n");
      return at === -1 ? undefined : take(at + 1).trimEnd();
    },
    async bytes(count) {
      while (buffer.length < count && !ended) await more();
      if (buffer.length < count) throw new Error(`the connection ended ${count - buffer.length} bytes too early`);
      return take(count);
    },
    async rest() {
      while (!ended) await more();
      return take(buffer.length);
    },
    async ends() {
      if (!ended && buffer === "")
        await Promise.race([more(), new Promise((resolve) => setTimeout(resolve, lingerMs))]);
      return ended;
    },
  };
}

async function readAnswer(reader: Reader, isHead: boolean): Promise<RawAnswer | undefined> {
  const status = await reader.line();
  if (status === undefined) return undefined;
  const [, version = "", digits] = /^HTTP\/(1\.[01]) (\d{3})/.exec(status) ?? [];
  const code = Number(digits);
  const headers: Record<string, string> = {};
  for (let line = await reader.line(); line !== ""; line = await reader.line()) {
    const [, name = "", value = ""] = /^([^:]+): *(.*)$/.exec(line ?? "") ?? [];
    if (name === "") throw new Error(`no header: ${line}`);
    const key = name.toLowerCase();
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`;
  }
  const hasBody = code === 101 || !(code < 200 || isHead || code === 204 || code === 304);
  const { body, trailers } = hasBody ? await readBody(reader, headers) : { body: "", trailers: [] };
  return { version, status: code, headers, body, trailers, closed: code !== 100 && (await reader.ends()) };
}

async function readBody(
  reader: Reader,
  headers: Readonly<Record<string, string>>,
): Promise<Pick<RawAnswer, "body" | "trailers">> {
  if (headers["transfer-encoding"] !== "chunked") {
    const length = headers["content-length"];
    return { body: length === undefined ? await reader.rest() : await reader.bytes(Number(length)), trailers: [] };
  }
  let body = "";
  for (;;) {
    const size = Number.parseInt((await reader.line()) ?? "", 16);
    if (Number.isNaN(size)) throw new Error("the connection ended in the middle of a chunked body");
    if (size === 0) break;
    body += await reader.bytes(size);
    await reader.line();
  }
  const trailers: string[] = [];
  for (let line = await reader.line(); line !== "" && line !== undefined; line = await reader.line())
    trailers.push(line);
  return { body, trailers };
}
