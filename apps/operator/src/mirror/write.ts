import { ApiError, type ApiClient, configMaps, type KubernetesObject } from "@metadata-mirror/api-client";
import {
  type ConfigMapState,
  configMapState,
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
  /** How many writes the API server took. */
  readonly written: number;
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

type Result = "written" | WriteProblem | ApiError;

/** How many ConfigMaps of one mirror are written at once: enough to hide the way to the API server, too few to flood it. */
const parallelWrites = 8;

const fieldManager = "metadata-mirror";

/**
 * Carries a plan out: the one place that writes ConfigMaps. Each ConfigMap is written once at the most, and with its precondition, so
 * that nothing that the plan didn't see is overwritten. Shards that take peers over come before those that give them away, which wait
 * for another pass if that failed. Never throws: one shard's fault doesn't stop the others.
 */
export async function writePlan(plan: Plan, mirror: ReadableMirror, context: WriteContext): Promise<Writing> {
  const limit = pLimit(parallelWrites);
  const jobs = [
    ...plan.create.map((write) => ({ move: write.move, run: () => create(write, mirror, context) })),
    ...plan.patch.map((write) => ({ move: write.move, run: () => patch(write, mirror, context) })),
    ...plan.remove.map((removal) => ({ move: removal.move, run: () => remove(removal, mirror, context) })),
  ];
  const carryOut = (move: Move) => Promise.all(jobs.filter((job) => job.move === move).map(({ run }) => limit(run)));
  const takers = await carryOut("takes");
  const givers = takers.every((result) => result === "written") ? await carryOut("gives") : [];
  const results: Result[] = [...takers, ...givers, ...(await carryOut("none"))];
  return {
    written: results.filter((result) => result === "written").length,
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
    const problem = occupation(found, mirror);
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
    return writeProblem(fault, "patch", name) ?? fault;
  }
}

async function remove(
  { name, uid, resourceVersion }: Removal,
  mirror: ReadableMirror,
  context: WriteContext,
): Promise<Result> {
  try {
    await context.client.delete(configMaps, { namespace: mirror.namespace, name }, { uid, resourceVersion });
    return "written";
  } catch (error) {
    const fault = ApiError.from(error);
    if (fault.code === "not-found") return "written";
    return writeProblem(fault, "delete", name) ?? fault;
  }
}

function entryOf(state: ConfigMapState) {
  const { namespace, name, resourceVersion } = state;
  return { namespace, name, resourceVersion, object: state };
}
