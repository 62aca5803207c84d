import type { ControlPlane } from "@metadata-mirror/control-plane";
import { type Disturbance, kindOf } from "../schedule/disturbance.ts";
import type { Host } from "./host.ts";
import type { Replica } from "./replica.ts";

/** Has things go wrong in a cluster. */
export interface Disturber {
  /** Begins it, and returns; whether it could: what is done to a process, or to the API server, is done before the next of it begins. */
  begin(disturbance: Disturbance): boolean;
  /** Ends all that still goes on; resolves when all replicas run, nothing is wrong any more, and the API server answers. Rejects where that can't be had. */
  settle(): Promise<void>;
  /** How many of each kind have begun. */
  readonly counts: ReadonlyMap<string, number>;
}

export interface DisturberOptions {
  readonly host: Host;
  readonly controlPlane: ControlPlane;
  readonly replicas: readonly Replica[];
}

/** Makes it. */
export function createDisturber({ host, controlPlane, replicas }: DisturberOptions): Disturber {
  const { clock } = host;
  const tasks = new Set<Promise<void>>();
  const counts = new Map<string, number>();
  let lift = new AbortController();
  const busy = new Set<object>();

  /** Undefined where it can't be now. */
  function taskOf(disturbance: Disturbance): (() => Promise<void>) | undefined {
    const until = (ms: number) => clock.sleep(ms, AbortSignal.any([lift.signal, host.signal]));
    const { type } = disturbance;
    if (type === "restart the API server" || type === "pause etcd") {
      return alone(controlPlane, async () => {
        if (type === "pause etcd") await whilePaused(controlPlane.pauseEtcd(), () => until(disturbance.ms));
        else await controlPlane.restartApiServer();
      });
    }
    const replica = replicas[disturbance.replica];
    if (replica === undefined) return undefined;
    if (disturbance.type === "line") {
      return async () => {
        const injection = await replica.proxy.inject(disturbance.fault, disturbance.where);
        await until(disturbance.ms);
        await injection.lift();
      };
    }
    return alone(replica, async () => {
      if (disturbance.type === "pause") await whilePaused(replica.process.pause(), () => until(disturbance.ms));
      else {
        await replica.counters();
        await replica.end(disturbance.type === "kill" ? "SIGKILL" : "SIGTERM");
        if (disturbance.type === "kill") await until(disturbance.ms);
        await replica.start();
      }
    });
  }

  /** `task`, during which nothing else is done to `it`; undefined where something is: two things at once would be neither. */
  function alone(it: object, task: () => Promise<void>): (() => Promise<void>) | undefined {
    if (busy.has(it)) return undefined;
    return async () => {
      busy.add(it);
      await task();
      busy.delete(it);
    };
  }

  async function whilePaused(pause: Disposable, wait: () => Promise<void>): Promise<void> {
    using _ = pause;
    await wait();
  }

  return {
    counts,
    begin(disturbance) {
      const task = taskOf(disturbance);
      if (task === undefined) return false;
      const kind = kindOf(disturbance);
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      const running = task().then(() => void tasks.delete(running));
      // one that fails stays among them, so that settle tells of it
      running.catch(() => undefined);
      tasks.add(running);
      return true;
    },
    async settle() {
      lift.abort();
      await Promise.all(tasks);
      lift = new AbortController();
    },
  };
}
