import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Contestant, Job, Running } from "../contestants/contestant.ts";
import { configMapVersion, type World } from "../world/world.ts";
import { type Observer, observe } from "./observer.ts";

/** A process of a contestant. */
interface Replica extends Running {
  /** What it has written since its start. */
  readonly logPath: string;
}

/** A contestant at work, and the observer of what it writes. Disposing ends both. */
export interface Session extends AsyncDisposable {
  readonly observer: Observer;
  /** Its processes; none: the load alone. */
  readonly replicas: readonly Replica[];
  /** The moment before the first process was started, in monotonic milliseconds. */
  readonly startedAt: number;
  /** Awaits `work`, but throws where the contestant or the observer ends before. */
  guard<T>(work: Promise<T>): Promise<T>;
}

/** How a contestant is started. */
export interface SessionOptions extends Pick<Job, "mostPerObject" | "operatorEnv"> {
  /** How many processes of it. Default 1. */
  readonly replicas?: number;
}

/** Starts the observer, then the contestant, to work on the first mirror's app. */
export async function startSession(
  world: World,
  contestant: Contestant | undefined,
  { replicas: count = 1, ...options }: SessionOptions = {},
): Promise<Session> {
  const { controlPlane, api, host, mirrors } = world;
  await using stack = new AsyncDisposableStack();
  const observer = stack.use(await observe(controlPlane, world, await configMapVersion(api)));
  const [mirror] = mirrors;
  if (!mirror) throw new Error("there is no mirror to work on");
  const { namespace, app, name: configMap } = mirror;
  const { kubeconfigPath, directory } = controlPlane;
  const startedAt = performance.now();
  const replicas: Replica[] = [];
  for (let index = 0; contestant !== undefined && index < count; index++) {
    const logPath = join(directory, `${contestant.id}-${index}.log`);
    await rm(logPath, { force: true });
    const job: Job = { kubeconfigPath, login: controlPlane, namespace, app, configMap, logPath, ...options };
    const running = stack.use(await contestant.start(job, host));
    replicas.push({ ...running, logPath });
  }
  const stopped = replicas.map(({ ended }) =>
    ended.then(() => {
      throw new Error(`${contestant?.name} has ended, though nobody told it to`);
    }),
  );
  for (const each of stopped) each.catch(() => {});
  const started = stack.move();
  return {
    observer,
    replicas,
    startedAt,
    guard: (work) => Promise.race([work, observer.ended, ...stopped]),
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}
