import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import type { Credentials, TlsCredentials } from "@metadata-mirror/auth";

/** One answer of a server that plays a part. */
export type Reply = (response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ScriptedServer extends AsyncDisposable {
  readonly credentials: Credentials;
  /** What was asked, in order. */
  readonly requests: readonly SeenRequest[];
  /** How many answers have begun, or are waited for, and are neither at their end nor cut off. */
  readonly open: () => number;
}

/**
 * An HTTP server on loopback that answers the n-th request with the n-th reply, and whatever comes after with `hang()`. It is an old one:
 * it refuses, beside the script, to stream the whole state.
 */
export function scriptedServer(...replies: readonly Reply[]): Promise<ScriptedServer> {
  return serve(replies, ({ query }) => "sendInitialEvents" in query);
}

/** The same, but it streams the state if it is told to. */
export function streamingServer(...replies: readonly Reply[]): Promise<ScriptedServer> {
  return serve(replies, () => false);
}

async function serve(replies: readonly Reply[], refuses: (request: SeenRequest) => boolean): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  let open = 0;
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    open += 1;
    response.on("close", () => (open -= 1));
    const url = new URL(request.url ?? "/", "http://server");
    const seen = {
      method: request.method ?? "",
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: await text(request),
    };
    if (refuses(seen)) return refuse(422, { reason: "Invalid" })(response, request);
    const index = requests.push(seen) - 1;
    await (replies[index] ?? hang())(response, request);
  }
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    credentials: anonymous(`http://127.0.0.1:${port}`),
    requests,
    open: () => open,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Credentials for a server that asks for none. */
export function anonymous(server: string, tls: TlsCredentials = { insecureSkipTLSVerify: false }): Credentials {
  return {
    server,
    warnings: [],
    tls: () => Promise.resolve(tls),
    namespace: "default",
    source: "test",
    token: () => Promise.resolve(undefined),
  };
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
}

/** A metav1.Status with what is given of it. */
export function refuse(code: number, status: object = {}, headers: Readonly<Record<string, string>> = {}): Reply {
  return json(code, { kind: "Status", apiVersion: "v1", status: "Failure", code, ...status }, headers);
}

/** One page of a list. */
export function page(names: readonly string[], resourceVersion: string, next?: string): Reply {
  const items = names.map((name) => pod(name, resourceVersion));
  return json(200, { kind: "PodList", metadata: { resourceVersion, continue: next }, items });
}

type Chunks = readonly (string | Buffer)[];

/** Watches that send these chunks and then end as they should, are cut off, or stay open, silent. */
function watchesOf(contentType: string) {
  async function send(response: ServerResponse, chunks: Chunks): Promise<void> {
    response.writeHead(200, { "content-type": contentType });
    response.flushHeaders();
    for (const chunk of chunks) await new Promise((resolve) => response.write(chunk, resolve));
  }
  const then =
    (end: (response: ServerResponse) => void) =>
    (...chunks: Chunks): Reply =>
    async (response) => {
      await send(response, chunks);
      end(response);
    };
  return {
    stream: then((response) => response.end()),
    cut: then((response) => response.destroy()),
    hang: then(() => undefined),
    /** Sends the chunks, and then one piece after another, for ever. */
    trickle:
      (piece: string | Buffer, ...chunks: Chunks): Reply =>
      async (response) => {
        await send(response, chunks);
        await trickleInto(response, piece);
      },
  };
}

/** Sends one piece after another until the other side has enough. */
export async function trickleInto(response: ServerResponse, piece: string | Buffer): Promise<void> {
  while (response.writable) {
    response.write(piece);
    await setTimeout(10);
  }
}

export const { stream, cut, hang, trickle } = watchesOf("application/json");
/** The same, in frames of `protobuf/writer.ts`. */
export const protobuf = watchesOf("application/vnd.kubernetes.protobuf;stream=watch");

/** A whole answer in protobuf. */
export function inProtobuf(status: number, body: Buffer): Reply {
  return (response) => {
    response.writeHead(status, { "content-type": "application/vnd.kubernetes.protobuf" }).end(body);
  };
}

/** One line of a watch. */
export function event(type: string, name: string, resourceVersion: string): string {
  return `${JSON.stringify({ type, object: pod(name, resourceVersion) })}\n`;
}

/** The bookmark that says that the whole state has come. */
export function initialEnd(resourceVersion: string): string {
  const metadata = { resourceVersion, annotations: { "k8s.io/initial-events-end": "true" } };
  return `${JSON.stringify({ type: "BOOKMARK", object: { metadata } })}\n`;
}

export function errorEvent(status: object): string {
  return `${JSON.stringify({ type: "ERROR", object: { kind: "Status", ...status } })}\n`;
}

function pod(name: string, resourceVersion: string): object {
  return { metadata: { name, namespace: "shop", resourceVersion } };
}
