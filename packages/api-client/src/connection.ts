import type { Credentials, ReadOptions, TlsCredentials } from "@metadata-mirror/auth";
import type { Dispatcher, Pool } from "undici";
import { serverAddress } from "./server-address.ts";
import { tlsOptions } from "./tls-options.ts";
import { createPool, errors } from "./undici-pool.ts";

/** The way to one API server: a pool of kept-alive connections. Disposing of it cuts off what is under way. */
export interface Connection extends AsyncDisposable {
  /**
   * The pool to send with: the same one until what the credentials trust, or prove themselves with, has changed. Then there is a new
   * one, and the old one closes when what it has under way is done. `fresh` has the credentials read again first.
   * Rejects with what the credentials reject with, or with undici's ClientDestroyedError.
   */
  pool(options?: ReadOptions): Promise<Dispatcher>;
}

export interface ConnectionOptions {
  /** How long an answer may take to begin, in milliseconds; 30 s by default, 0 for as long as it takes. */
  readonly answerTimeoutMs?: number;
  /** The most bytes of headers that an answer may have; undici's 16 KiB by default. */
  readonly maxHeaderBytes?: number;
  /** After how many idle milliseconds a connection is probed whether the other end is still there; 30 s by default. */
  readonly probeAfterMs?: number;
}

/** How long a silent server is waited for, in milliseconds. */
export const defaultAnswerTimeoutMs = 30_000;

const connectTimeoutMs = 10_000;

/**
 * A half-open connection (the node behind it is gone, or a NAT has forgotten it) brings neither data nor an end. After this the system sends
 * ten probes, a second apart (libuv's defaults), and then ends it: 40 s, where client-go's pings of HTTP/2 take 45.
 */
export const defaultProbeAfterMs = 30_000;

/** Shorter than load balancers keep idle connections, longer than a busy operator's breath: each saves a TLS handshake. */
const longestIdleMs = 30_000;

/**
 * Connects lazily, with one undici Pool for as long as the credentials stay as they are (client-node makes an Agent for each call).
 * HTTP/1.1, so that each watch has a connection of its own, which stalls and dies alone.
 */
export function createConnection(credentials: Credentials, options: ConnectionOptions = {}): Connection {
  const { origin } = serverAddress(credentials.server);
  let current: { readonly tls: TlsCredentials; readonly pool: Pool } | undefined;
  let closed = false;
  const pools = new Set<Pool>();

  function open(tls: TlsCredentials): Pool {
    const old = current?.pool;
    void old?.close().then(() => pools.delete(old));
    const pool = createPool(origin, poolOptions(tls, options));
    pools.add(pool);
    current = { tls, pool };
    return pool;
  }

  return {
    async pool(readOptions) {
      const tls = await credentials.tls(readOptions);
      if (closed) throw new errors.ClientDestroyedError();
      return current?.tls === tls ? current.pool : open(tls);
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      await Promise.all([...pools].map((pool) => pool.destroy()));
    },
  };
}

function poolOptions(
  tls: TlsCredentials,
  { answerTimeoutMs = defaultAnswerTimeoutMs, maxHeaderBytes, probeAfterMs = defaultProbeAfterMs }: ConnectionOptions,
): Pool.Options {
  /** Not longer than an answer is waited for. */
  const bounded = (ms: number) => (answerTimeoutMs === 0 ? ms : Math.min(ms, answerTimeoutMs));
  // who has met silence on a connection that went half-open must not meet it on the next one kept
  const idleMs = bounded(longestIdleMs);
  return {
    allowH2: false,
    pipelining: 1,
    headersTimeout: answerTimeoutMs,
    keepAliveTimeout: idleMs,
    // whatever the server's Keep-Alive header offers
    keepAliveMaxTimeout: idleMs,
    ...(maxHeaderBytes === undefined ? {} : { maxHeaderSize: maxHeaderBytes }),
    connect: {
      timeout: bounded(connectTimeoutMs),
      keepAliveInitialDelay: probeAfterMs,
      ...tlsOptions(tls),
    },
  };
}
