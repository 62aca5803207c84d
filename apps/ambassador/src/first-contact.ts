import { ApiError, type Clock, createBackoff } from "@metadata-mirror/api-client";
import { proofOf } from "./headers.ts";
import type { Upstream } from "./upstream.ts";

export interface FirstContactOptions {
  readonly upstream: Upstream;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Told of each try that came to nothing, and after how many milliseconds the next one comes. */
  readonly onFault: (fault: ApiError, retryInMs: number) => void;
}

/** What everyone who is authenticated may ask: the ClusterRole system:discovery. */
const path = "/version";

/**
 * Resolves once the API server has answered for the first time, over a connection that is trusted, to a proof that it accepts; whether we
 * may do anything is another question. Resolves too when the signal aborts.
 */
export async function firstContact({ upstream, clock, random, signal, onFault }: FirstContactOptions): Promise<void> {
  const backoff = createBackoff({ initialMs: 100, maxMs: 5_000, random });
  for (let fresh = false; !signal.aborted; fresh = true) {
    try {
      await ask(upstream, fresh, signal);
      return;
    } catch (error) {
      if (signal.aborted) return;
      const fault = ApiError.from(error, { action: `GET ${path}`, signal });
      const pauseMs = backoff.next(fault.retryAfterMs);
      onFault(fault, pauseMs);
      await clock.sleep(pauseMs, signal);
    }
  }
}

async function ask(upstream: Upstream, fresh: boolean, signal: AbortSignal): Promise<void> {
  const { pool, token } = await upstream.means(`GET ${path}`, fresh);
  const { statusCode, body } = await pool.request({
    path: upstream.prefix + path,
    method: "GET",
    headers: [...proofOf([], token)],
    signal,
  });
  await body.dump();
  if (statusCode === 401) throw new ApiError("unauthorized", `GET ${path}: the API server does not accept our token`);
  if (statusCode >= 500) throw new ApiError("unavailable", `GET ${path}: the API server answers with ${statusCode}`);
}
