import { createActor } from "./cluster/actor.ts";
import { type Cluster, whenReady } from "./cluster/cluster.ts";
import { createDisturber } from "./cluster/disturber.ts";
import type { Host } from "./cluster/host.ts";
import { look } from "./cluster/look.ts";
import { createSurely } from "./cluster/surely.ts";
import type { Mismatch } from "./check/content-faults.ts";
import { watchDisclosure } from "./check/disclosure.ts";
import { follow, type QuietPoint, quietPoint } from "./quiet-point.ts";
import type { Disturbance } from "./schedule/disturbance.ts";
import { recoveryMs } from "./schedule/recovery.ts";
import type { Stage } from "./schedule/stage.ts";
import { type Change, describeChange } from "./world/change.ts";
import { after, emptyWorld } from "./world/world.ts";

/** What happens in a cluster, one after the other, and the world that it makes. */
export interface Course {
  /** Resolves when the API server has taken it. Rejects where it can't be done: then the soak can't go on. */
  change(change: Change): Promise<void>;
  /** Begins it, if it can be now. */
  disturb(disturbance: Disturbance): void;
  /** What is wrong although nothing disturbs: looked at once a second, however often it's called. */
  lookOut(): Promise<readonly Mismatch[]>;
  /** Waits until the ConfigMaps are as they should be, while nothing disturbs; what is wrong if they aren't in time. */
  follow(): Promise<readonly Mismatch[]>;
  /** Ends all that disturbs, and waits until all is as it should be. */
  rest(): Promise<QuietPoint>;
  /** How many disturbances of each kind have begun. */
  readonly disturbances: ReadonlyMap<string, number>;
}

const lookEveryMs = 1_000;

/** The course of a stage with nothing on it yet. */
export function createCourse(
  { client, controlPlane, replicas }: Cluster,
  { namespaces, nodes }: Stage,
  host: Host,
): Course {
  const { clock, signal } = host;
  const surely = createSurely(clock, signal);
  const actor = createActor(client, namespaces, surely);
  const disturber = createDisturber({ host, controlPlane, replicas });
  const disclosure = watchDisclosure();
  let world = emptyWorld(nodes);
  let begun: Disturbance[] = [];
  let lookedAt = clock.monotonic();

  const watched = () => {
    const withinMs = recoveryMs(begun);
    return { client, clock, surely, namespaces, withinMs, world, written: actor.written, signal };
  };

  /** What is wrong with the replicas themselves: they are to be ready and alive, and none may have ended by itself. */
  async function replicaFaults(): Promise<readonly Mismatch[]> {
    const what = "not all of them are ready and alive";
    const unready = await whenReady(replicas, signal).then(
      () => [],
      () => [{ object: "replicas", what }],
    );
    const crashes = replicas.flatMap(({ name, crashes }) => crashes.map((crash) => ({ object: name, what: crash })));
    return [...crashes, ...unready];
  }

  return {
    async change(change) {
      await actor.carryOut(change).catch((cause: unknown) => {
        throw new Error(`${describeChange(change)}: ${String(cause)}`, { cause });
      });
      world = after(world, change);
    },
    disturb(disturbance) {
      if (disturber.begin(disturbance)) begun.push(disturbance);
    },
    async lookOut() {
      if (begun.length > 0 || clock.monotonic() - lookedAt < lookEveryMs) return [];
      lookedAt = clock.monotonic();
      return disclosure.look(lookedAt, world, await look(client, namespaces));
    },
    async follow() {
      return (await follow(watched())).mismatches;
    },
    async rest() {
      await disturber.settle();
      const faults = await replicaFaults();
      if (faults.length > 0) return { recoveredMs: 0, mismatches: faults };
      const { recoveredMs, mismatches } = await quietPoint(watched());
      begun = [];
      disclosure.reset();
      // so that little is lost of those that are killed
      for (const replica of replicas) await replica.counters();
      return { recoveredMs, mismatches: [...mismatches, ...(await replicaFaults())] };
    },
    disturbances: disturber.counts,
  };
}
