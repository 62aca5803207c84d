import {
  ApiError,
  type Connection,
  type Means,
  meansOf,
  type ServerAddress,
  serverAddress,
} from "@metadata-mirror/api-client";
import type { Credentials, TlsCredentials } from "@metadata-mirror/auth";

/** The API server behind the ambassador, and how to prove who we are to it. */
export interface Upstream extends ServerAddress {
  /** What a request is sent with now. `fresh`, after it was refused or not trusted: read anew from where it comes from. */
  means(action: string, fresh?: boolean): Promise<Means>;
  /** What a connection of one's own is made with now. */
  tls(): Promise<TlsCredentials>;
}

/** The API server of these credentials, over this connection. */
export function createUpstream(credentials: Credentials, connection: Connection): Upstream {
  return {
    ...serverAddress(credentials.server),
    means: (action, fresh = false) => meansOf(credentials, connection, action, { fresh }),
    tls: () => credentials.tls(),
  };
}

/** A fault between us and the API server: for the one who asked, and for the log. */
export interface Fault {
  /** 504 where time ran out, else 502. */
  readonly status: 502 | 504;
  readonly error: ApiError;
  /** Of the error, without its code. */
  readonly words: string;
}

/** What `error` means, which came of `action`: a method and a path. */
export function faultOf(error: unknown, action: string): Fault {
  const fault = ApiError.from(error, { action });
  return {
    status: fault.code === "timeout" ? 504 : 502,
    error: fault,
    words: fault.message.replace(/^\[[a-z-]+\] /, ""),
  };
}
