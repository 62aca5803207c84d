import type { Credentials, ReadOptions } from "@metadata-mirror/auth";
import type { Dispatcher } from "undici";
import { ApiError } from "./api-error.ts";
import type { Connection } from "./connection.ts";

/** What a request is sent with. */
export interface Means {
  readonly pool: Dispatcher;
  readonly token: string | undefined;
}

/**
 * What to send a request with now; with `fresh` it is read anew from where it comes from. Rejects with an ApiError that begins with `action`:
 * `unauthorized` where there is no token to be had, and says why.
 */
export async function meansOf(
  credentials: Credentials,
  connection: Connection,
  action: string,
  options: ReadOptions = {},
): Promise<Means> {
  const token = await credentials.token(options).catch((cause: unknown) => {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new ApiError("unauthorized", `${action}: no token to send: ${words}`, { cause });
  });
  const pool = await connection.pool(options).catch((cause: unknown) => {
    throw ApiError.from(cause, { action });
  });
  return { pool, token };
}
