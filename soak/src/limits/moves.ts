import { createPod, createPods, each, type PodSpec, podSpecs, removePods, type World } from "@metadata-mirror/bench";
import type { Clock } from "@metadata-mirror/api-client";
import { mirrorLabel } from "../cluster/resources.ts";
import type { Random } from "../random.ts";
import { type Cluster, paths } from "./cluster.ts";
import { mirrorBody } from "./manifests.ts";
import { createSlots, type Slots } from "./slots.ts";
import type { Seat, Stage } from "./stage.ts";

/** A mirror that is there. */
interface Seated {
  readonly seat: Seat;
  name: string;
}

/** What is moved, by whom nothing else is. */
export interface Troupe {
  readonly cluster: Cluster;
  readonly world: World;
  readonly clock: Clock;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly stage: Stage;
  readonly pods: Slots<PodSpec>;
  readonly mirrors: Slots<Seated>;
  /** Counts what is made: no name is used twice. */
  made: number;
  /** Counts what is changed: no value is used twice. */
  changes: number;
}

export type Move = (troupe: Troupe) => Promise<void>;

/** All that there is at the start, of which the pods are made already. */
export async function enter(options: Omit<Troupe, "pods" | "mirrors" | "made" | "changes">): Promise<Troupe> {
  const { stage, cluster } = options;
  const seated = stage.seats.map((seat): Seated => ({ seat, name: `${seat.app}-${seat.kind}` }));
  const troupe = {
    ...options,
    pods: createSlots(stage.pods),
    mirrors: createSlots(seated),
    made: stage.pods.length,
    changes: 0,
  };
  await each(seated, (one) => createMirror(cluster, one));
  return troupe;
}

function createMirror(cluster: Cluster, { seat, name }: Seated): Promise<void> {
  return cluster.create(paths.mirrors(seat.namespace), mirrorBody(seat, name));
}

/** Of a pod one thing changes: an annotation, a label or its address. */
export const changePod: Move = async (troupe) => {
  const { cluster, random, pods } = troupe;
  const pod = pods.take(random);
  if (pod === undefined) return;
  const value = ++troupe.changes;
  const path = `${paths.pods(pod.namespace)}/${pod.name}`;
  const ip = `10.${random.int(0, 255)}.${random.int(0, 255)}.${random.int(0, 255)}`;
  const change = random.int(0, 2);
  if (change === 0) await cluster.patch(path, { metadata: { annotations: { "bench/note": `note ${value}` } } });
  else if (change === 1) await cluster.patch(path, { metadata: { labels: { release: `r${value}` } } });
  else await cluster.patch(`${path}/status`, { status: { podIP: ip, podIPs: [{ ip }] } });
  pods.give(pod);
};

/** A pod goes, and another one of its app comes. */
export const replacePod: Move = async (troupe) => {
  const { cluster, world, random, pods } = troupe;
  const pod = pods.take(random);
  if (pod === undefined) return;
  await cluster.remove(`${paths.pods(pod.namespace)}/${pod.name}`);
  const [next = pod] = podSpecs(pod.namespace, pod.app, 1, ++troupe.made);
  await createPod(world.api, next, 0);
  pods.give(next);
};

/** All pods of an app go, and others come, as fast as can be: round the API server, which learns of them by its watch. */
export const rollOut: Move = async (troupe) => {
  const { world, random, pods } = troupe;
  const [first, ...rest] = pods.takeAll(sameApp(random.pick(pods.free)));
  if (first === undefined) return;
  const gone = [first, ...rest];
  const next = podSpecs(first.namespace, first.app, gone.length, troupe.made + 1);
  troupe.made += gone.length;
  await createPods(world, world.ledger, next);
  await removePods(world, gone);
  for (const pod of next) pods.give(pod);
};

const sameApp =
  (one: PodSpec) =>
  ({ namespace, app }: PodSpec) =>
    namespace === one.namespace && app === one.app;

/** A mirror goes with its ConfigMaps, and another one comes. Here is no garbage collector. */
export const replaceMirror: Move = async (troupe) => {
  const { cluster, random, mirrors } = troupe;
  const one = mirrors.take(random);
  if (one === undefined) return;
  const { namespace } = one.seat;
  await cluster.remove(`${paths.mirrors(namespace)}/${one.name}`);
  await cluster.remove(`${paths.configMaps(namespace)}?labelSelector=${mirrorLabel}=${one.name}`);
  rename(one, troupe);
  await createMirror(cluster, one);
  mirrors.give(one);
};

function rename(one: Seated, troupe: Troupe): void {
  one.name = `${one.seat.app}-${one.seat.kind}-${++troupe.made}`;
}

/** Somebody deletes a ConfigMap of ours. */
export const deleteConfigMap: Move = async ({ cluster, random, mirrors }) => {
  const one = mirrors.take(random);
  if (one === undefined) return;
  await cluster.remove(`${paths.configMaps(one.seat.namespace)}/${one.name}`);
  mirrors.give(one);
};

/** All mirrors of a namespace go, and others come. Nothing else may be under way. */
export const emptyNamespace: Move = async (troupe) => {
  const { cluster, clock, random, mirrors, signal, stage } = troupe;
  const namespace = random.pick(stage.namespaces);
  await cluster.remove(paths.mirrors(namespace));
  await cluster.remove(paths.configMaps(namespace));
  await clock.sleep(goneForMs, signal);
  const seated = mirrors.free.filter(({ seat }) => seat.namespace === namespace);
  for (const one of seated) rename(one, troupe);
  await each(seated, (one) => createMirror(cluster, one));
};

/** How long a namespace has no mirrors, in milliseconds. */
const goneForMs = 1_000;
