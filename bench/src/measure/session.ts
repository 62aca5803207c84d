import { join } from "node:path";
import type { Contestant, Running } from "../contestants/contestant.ts";
import { configMapVersion, type World } from "../world/world.ts";
import { type Observer, observe } from "./observer.ts";

/** A contestant at work, and the observer of what it writes. Disposing ends both. */
export interface Session extends AsyncDisposable {
  readonly observer: Observer;
  /** Of the contestant; undefined where there is none: the load alone. */
  readonly pid: number | undefined;
  /** The moment before the process was started, in monotonic milliseconds. */
  readonly startedAt: number;
  /** Awaits `work`, but throws where the contestant or the observer ends before. */
  guard<T>(work: Promise<T>): Promise<T>;
}

/** Starts the observer, then the contestant, to work on the first mirror's app. */
export async function startSession(
  world: World,
  contestant: Contestant | undefined,
  options: { readonly mostPerObject?: number } = {},
): Promise<Session> {
  const { controlPlane, api, ledger, host, mirrors } = world;
  await using stack = new AsyncDisposableStack();
  const observer = stack.use(await observe(controlPlane, ledger, await configMapVersion(api)));
  const [mirror] = mirrors;
  if (!mirror) throw new Error("there is no mirror to work on");
  const { namespace, app, name: configMap } = mirror;
  const { kubeconfigPath, directory } = controlPlane;
  const logPath = join(directory, `${contestant?.id ?? "none"}.log`);
  const startedAt = performance.now();
  const running: Running | undefined = await contestant?.start(
    { kubeconfigPath, namespace, app, configMap, logPath, ...options },
    host,
  );
  if (running) stack.use(running);
  const stopped = running?.ended.then(() => {
    throw new Error(`${contestant?.name} has ended, though nobody told it to`);
  });
  stopped?.catch(() => {});
  const started = stack.move();
  return {
    observer,
    pid: running?.pid,
    startedAt,
    guard: (work) => Promise.race([work, observer.ended, ...(stopped ? [stopped] : [])]),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
