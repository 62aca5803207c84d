import { until } from "./calm.ts";
import type { ReplicaProcess } from "./replica-process.ts";

/** What may become of a replica. */
type Fate =
  /** It's stopped by SIGSTOP, for longer than its Lease lasts, and goes on. */
  | { readonly type: "pause"; readonly forMs: number }
  /** It's ended by this, and another one started in its place. */
  | { readonly type: "SIGKILL" | "SIGTERM"; readonly forMs: number };

export interface ChaosOptions {
  /** How many replicas there are. */
  readonly count: number;
  /** Starts one in a place, by a number that no other of that place has. */
  readonly start: (place: number, generation: number) => Promise<ReplicaProcess>;
  /** The pods that hold a Lease: one of them is struck first, and they are more often than the others. */
  readonly holders: () => Promise<readonly string[]>;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** For how long, in milliseconds. */
  readonly forMs: number;
  readonly tell: (what: string) => void;
}

/** What has become of them. */
export interface Chaos extends AsyncDisposable {
  /** When a replica went on after it had been stopped, in milliseconds since 1970. */
  readonly resumedAt: (pod: string) => readonly number[];
  readonly fates: readonly Fate["type"][];
  /** Those that run. */
  readonly running: readonly ReplicaProcess[];
}

/**
 * Lets replicas run, and pauses, kills and stops them at random; one at least is left alone at any time. Resolves after `forMs`, when all of them
 * run again. Disposing ends them, also those that are stopped.
 */
export async function chaos(options: ChaosOptions): Promise<Chaos> {
  const { count, start, holders, random, forMs, tell } = options;
  await using stack = new AsyncDisposableStack();
  const resumed = new Map<string, number[]>();
  const fates: Fate["type"][] = [];
  const tasks: Promise<void>[] = [];
  const within = (least: number, most: number) => least + random() * (most - least);

  /** The replicas that run, by their places. */
  const running = new Map<number, ReplicaProcess>();
  async function open(place: number, generation: number): Promise<void> {
    const replica = stack.use(await start(place, generation));
    await replica.logged("ready");
    running.set(place, replica);
  }

  function fate(): Fate {
    const type = random() < 0.6 ? "pause" : random() < 0.6 ? "SIGKILL" : "SIGTERM";
    return type === "pause" ? { type, forMs: within(16_000, 20_000) } : { type, forMs: within(0, 3_000) };
  }

  async function strike(place: number, replica: ReplicaProcess, { type, forMs: awayMs }: Fate): Promise<void> {
    running.delete(place);
    fates.push(type);
    tell(`${type} of ${replica.pod} for ${Math.round(awayMs)} ms`);
    if (type === "pause") {
      replica.kill("SIGSTOP");
      await until(performance.now() + awayMs);
      resumed.set(replica.pod, [...(resumed.get(replica.pod) ?? []), Date.now()]);
      replica.kill("SIGCONT");
      running.set(place, replica);
    } else {
      if (type === "SIGTERM") await replica.stop();
      else replica.kill("SIGKILL");
      await until(performance.now() + awayMs);
      await open(place, fates.length);
    }
  }

  await Promise.all(Array.from({ length: count }, (_, place) => open(place, 0)));
  const begin = performance.now();
  try {
    while (performance.now() - begin < forMs) {
      await until(performance.now() + within(1_000, 4_000));
      if (running.size < 2) continue;
      const holding = await holders();
      const all = [...running];
      const busy = all.filter(([, { pod }]) => holding.includes(pod));
      const some = busy.length > 0 && (fates.length === 0 || random() < 0.7) ? busy : all;
      const [place, replica] = some[Math.floor(random() * some.length)] ?? all[0] ?? [];
      if (place !== undefined && replica !== undefined) tasks.push(strike(place, replica, fate()));
    }
    await Promise.all(tasks);
  } finally {
    // none starts another one after the others are ended
    await Promise.allSettled(tasks);
  }
  const owned = stack.move();
  return {
    resumedAt: (pod) => resumed.get(pod) ?? [],
    fates,
    running: [...running.values()],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
