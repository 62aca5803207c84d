import type { Credentials } from "@metadata-mirror/auth";
import type { ApiError } from "../src/api-error.ts";
import { connect } from "../src/client.ts";
import { type Clock, systemClock } from "../src/clock.ts";
import type { KubernetesObject } from "../src/kubernetes-object.ts";
import { pods, type Resource } from "../src/resource.ts";
import type { WatchEvent, WatchOptions } from "../src/watch-options.ts";

export interface ReflectionOptions extends Partial<Omit<WatchOptions<string>, "stallMs">> {
  /** Endless by default; undefined for what a watch has by default. */
  readonly stallMs?: number | undefined;
  readonly clock?: Clock;
  readonly resource?: Resource;
  /** Awaited for what each event tells, before the next is taken. */
  readonly consume?: (words: string) => Promise<void>;
}

/** A watch that runs, and what it has told so far. */
export interface Reflection extends AsyncDisposable {
  /** As in `init`, `initApply web-0`, `initDone 7`, `apply web-0`, `delete web-0`. */
  readonly told: readonly string[];
  readonly faults: readonly { readonly code: string; readonly message: string; readonly pauseMs: number }[];
  readonly relists: readonly string[];
  /** As in `event 150000`. */
  readonly contacts: readonly string[];
  /** Aborts, and resolves when the watch has ended; rejects if it ended otherwise. */
  stop(): Promise<void>;
}

const endless = 1_000_000_000;

export function reflect(credentials: Credentials, options: ReflectionOptions = {}): Reflection {
  const { clock = quickClock(60_000), resource = pods, consume, stallMs, ...watchOptions } = options;
  const client = connect(credentials, { clock, random: () => 0.5 });
  const stopping = new AbortController();
  const told: string[] = [];
  const faults: { code: string; message: string; pauseMs: number }[] = [];
  const relists: string[] = [];
  const contacts: string[] = [];

  async function run(): Promise<void> {
    const events = client.watch(resource, {
      decode: nameOf,
      signal: stopping.signal,
      // to the quick clock whatever comes in two pieces takes for ever
      ...("stallMs" in options ? stallMs !== undefined && { stallMs } : { stallMs: endless }),
      onContact: (kind, boundMs) => contacts.push(boundMs === endless ? kind : `${kind} ${boundMs}`),
      onFault: ({ code, message }: ApiError, pauseMs: number) => faults.push({ code, message, pauseMs }),
      onRelist: ({ code }: ApiError) => relists.push(code),
      ...watchOptions,
    });
    for await (const event of events) {
      told.push(wordsOf(event));
      await consume?.(wordsOf(event));
    }
  }

  const running = run();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await running;
  };
  return {
    told,
    faults,
    relists,
    contacts,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
      await client[Symbol.asyncDispose]();
    },
  };
}

export function nameOf({ metadata }: KubernetesObject): string {
  return metadata.name ?? "";
}

export function wordsOf(event: WatchEvent<string>): string {
  switch (event.type) {
    case "init":
      return "init";
    case "initDone":
      return `initDone ${event.resourceVersion}`;
    case "initApply":
    case "apply":
    case "delete":
      return `${event.type} ${event.object}`;
  }
}

/** A clock that never waits, and to which every stream seems to last `streamMs`. */
export function quickClock(streamMs: number): Clock {
  let elapsed = 0;
  return {
    now: () => elapsed,
    monotonic: () => (elapsed += streamMs),
    // pauses are short; how long something is waited for is as it is
    sleep: (ms, signal) => systemClock.sleep(ms >= 800 && ms <= 60_000 ? 1 : ms, signal),
  };
}
