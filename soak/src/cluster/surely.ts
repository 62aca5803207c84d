import { ApiError, type ApiErrorCode, type Clock } from "@metadata-mirror/api-client";

/** Faults that pass: those of an API server that is away, or of an etcd that is paused. */
const passing: ReadonlySet<ApiErrorCode> = new Set(["unavailable", "timeout", "internal", "too-many-requests"]);

/** How long a fault may last before it's taken for one of the soak itself, in milliseconds. */
const patienceMs = 60_000;

/**
 * Sends it until the server has taken it: what happens in the world has to happen in the cluster too. `done` is what a server says that took it
 * before, and whose answer got lost. Throws an ApiError for any other refusal, and after a minute.
 */
export interface Surely {
  <T>(send: () => Promise<T>): Promise<T>;
  <T>(send: () => Promise<T>, done: ApiErrorCode): Promise<T | undefined>;
}

/** Makes it. */
export function createSurely(clock: Clock, signal: AbortSignal): Surely {
  function surely<T>(send: () => Promise<T>): Promise<T>;
  function surely<T>(send: () => Promise<T>, done: ApiErrorCode): Promise<T | undefined>;
  async function surely<T>(send: () => Promise<T>, done?: ApiErrorCode): Promise<T | undefined> {
    const end = clock.monotonic() + patienceMs;
    for (let tries = 0; ; tries++) {
      try {
        return await send();
      } catch (error) {
        const { code } = ApiError.from(error);
        if (tries > 0 && code === done) return undefined;
        if (!passing.has(code) || signal.aborted || clock.monotonic() > end) throw error;
        await clock.sleep(100, signal);
      }
    }
  }
  return surely;
}

/** For `catch`: an ApiError with one of these codes is no error, but undefined. */
export function orUndefined(...codes: readonly ApiErrorCode[]): (error: unknown) => undefined {
  return (error) => {
    if (!codes.includes(ApiError.from(error).code)) throw error;
  };
}
