import { ApiError, type ApiClient, configMaps, type KubernetesObject } from "@metadata-mirror/api-client";
import {
  type ConfigMapState,
  configMapState,
  immutableTarget,
  type Move,
  occupation,
  type Plan,
  type ReadableMirror,
  type Removal,
  type ShardWrite,
  type WriteProblem,
  writtenState,
} from "@metadata-mirror/metadata-model";
import pLimit from "p-limit";
import type { StoreWriter } from "../runtime/store.ts";
import { digest } from "./digest.ts";
import { writeProblem } from "./write-problem.ts";

/** What writing came to. */
export interface Writing {
  /** How many writes the API server took, and what it stores of them, in bytes. */
  readonly written: number;
  readonly bytes: number;
  /** What it refused for a reason that a person should know. */
  readonly problems: readonly WriteProblem[];
  /** The first passing fault, such as a stale resourceVersion: the plan is to be made anew. */
  readonly fault: ApiError | undefined;
}

export interface WriteContext {
  readonly client: ApiClient;
  /** Learns what was written before the watch tells of it. */
  readonly configMaps: StoreWriter<ConfigMapState>;
}

/** What became of one write; `gone` is a removal of what wasn't there any more. */
type Result = "written" | "gone" | WriteProblem | ApiError;

interface Job {
  readonly move: Move;
  readonly bytes: number;
  readonly run: () => Promise<Result>;
}

/** How many ConfigMaps of one mirror are written at once: enough to hide the way to the API server, too few to flood it. */
const parallelWrites = 8;

/** What a ConfigMap weighs beside its data, in bytes. */
const objectBytes = 1024;

const fieldManager = "metadata-mirror";

/** What the API server stores anew for a plan, in bytes: whole objects, not patches. */
export function storedBytes({ create, patch, remove }: Plan): number {
  const writes = [...create, ...patch].reduce((sum, { data }) => sum + data.size + objectBytes, 0);
  return writes + remove.length * objectBytes;
}

/**
 * Carries a plan out: the one place that writes ConfigMaps. Each ConfigMap is written once at the most, and with its precondition, so
 * that nothing that the plan didn't see is overwritten. Shards that take peers over come before those that give them away, which wait
 * for another pass if that failed. Never throws: one shard's fault doesn't stop the others.
 */
export async function writePlan(plan: Plan, mirror: ReadableMirror, context: WriteContext): Promise<Writing> {
  const limit = pLimit(parallelWrites);
  const job = (run: (write: ShardWrite) => Promise<Result>) => (write: ShardWrite) => ({
    move: write.move,
    bytes: write.data.size + objectBytes,
    run: () => run(write),
  });
  const jobs: Job[] = [
    ...plan.create.map(job((write) => create(write, mirror, context))),
    ...plan.patch.map(job((write) => patch(write, mirror, context))),
    ...plan.remove.map(({ move, ...removal }) => ({
      move,
      bytes: objectBytes,
      run: () => remove(removal, mirror, context),
    })),
  ];
  const carryOut = (move: Move) => {
    const due = jobs.filter((one) => one.move === move);
    return Promise.all(due.map(({ bytes, run }) => limit(async () => ({ bytes, result: await run() }))));
  };
  const takers = await carryOut("takes");
  const givers = takers.every(({ result }) => result === "written") ? await carryOut("gives") : [];
  return writingOf([...takers, ...givers, ...(await carryOut("none"))]);
}

function writingOf(done: readonly { readonly bytes: number; readonly result: Result }[]): Writing {
  const written = done.filter(({ result }) => result === "written");
  const results = done.map(({ result }) => result);
  return {
    written: written.length,
    bytes: written.reduce((sum, { bytes }) => sum + bytes, 0),
    problems: results.filter((result): result is WriteProblem => typeof result === "object" && "configMap" in result),
    fault: results.find((result) => result instanceof ApiError),
  };
}

async function create(
  { name, body, data }: ShardWrite,
  mirror: ReadableMirror,
  context: WriteContext,
): Promise<Result> {
  try {
    const manifest = body as KubernetesObject;
    const answer = await context.client.create(configMaps, manifest, { fieldManager, metadataOnly: true });
    context.configMaps.wrote(entryOf(writtenState(answer, data.values)));
    return "written";
  } catch (error) {
    const fault = ApiError.from(error);
    if (fault.code === "already-exists") return occupied(name, mirror, context, fault);
    return writeProblem(fault, "create", name) ?? fault;
  }
}

/** Something stands there that our watch doesn't show, since it has not our label: ours, with the label lost, or somebody's. */
async function occupied(
  name: string,
  mirror: ReadableMirror,
  { client, configMaps: store }: WriteContext,
  fault: ApiError,
): Promise<Result> {
  try {
    const found = configMapState(await client.get(configMaps, { namespace: mirror.namespace, name }), digest);
    const problem = occupation(found, mirror) ?? (found.immutable ? immutableTarget(name) : undefined);
    if (problem !== undefined) return problem;
    store.wrote(entryOf(found));
    return fault;
  } catch (error) {
    return ApiError.from(error);
  }
}

async function patch({ name, body, data }: ShardWrite, mirror: ReadableMirror, context: WriteContext): Promise<Result> {
  try {
    const ref = { namespace: mirror.namespace, name };
    const answer = await context.client.patch(configMaps, ref, body, {
      type: "merge",
      fieldManager,
      metadataOnly: true,
    });
    context.configMaps.wrote(entryOf(writtenState(answer, data.values)));
    return "written";
  } catch (error) {
    const fault = ApiError.from(error);
    // without its label its end is not seen by the watch
    if (fault.code === "not-found") context.configMaps.forget(mirror.namespace, name);
    return writeProblem(fault, "patch", name) ?? fault;
  }
}

async function remove(
  { name, uid, resourceVersion }: Omit<Removal, "move">,
  mirror: ReadableMirror,
  context: WriteContext,
): Promise<Result> {
  try {
    await context.client.delete(configMaps, { namespace: mirror.namespace, name }, { uid, resourceVersion });
    return "written";
  } catch (error) {
    const fault = ApiError.from(error);
    if (fault.code === "not-found") return "gone";
    return writeProblem(fault, "delete", name) ?? fault;
  }
}

function entryOf(state: ConfigMapState) {
  const { namespace, name, resourceVersion } = state;
  return { namespace, name, resourceVersion, object: state };
}
