import { ApiError, type ApiClient, configMaps, type KubernetesObject } from "@metadata-mirror/api-client";
import {
  type ConfigMapState,
  configMapState,
  immutableTarget,
  isInSync,
  type Move,
  occupation,
  type Plan,
  type ReadableMirror,
  type Removal,
  type ShardWrite,
  type WriteProblem,
  writtenState,
} from "@metadata-mirror/metadata-model";
import type { Store, StoreWriter } from "../runtime/store.ts";
import { digest } from "./digest.ts";
import { fieldManager } from "./resources.ts";
import { configMapWire } from "./wire.ts";
import { writeProblem } from "./write-problem.ts";

export interface WriteContext {
  readonly client: ApiClient;
  /** Learns what was written before the watch tells of it. */
  readonly configMaps: Pick<Store<ConfigMapState>, "get"> &
    Pick<StoreWriter<ConfigMapState>, "wrote" | "found" | "forget">;
}

/** What became of one write. */
export type Outcome =
  /** The API server took it; `state` is what it stores, undefined of a removal. */
  | { readonly type: "written"; readonly state: ConfigMapState | undefined }
  /** A removal of what wasn't there any more. */
  | { readonly type: "gone" }
  /** The API server refused it for a reason that a person should know. */
  | { readonly type: "refused"; readonly problem: WriteProblem }
  /** It failed by a fault that may pass, such as a stale resourceVersion: the plan is to be made anew. */
  | { readonly type: "failed"; readonly fault: ApiError };

/**
 * Why a ConfigMap is written: it isn't there yet; peers moved to it or from it; its peers, what is shown of them or how changed; it is needed no
 * longer; or somebody else had changed or removed what this process wrote.
 */
export type WriteReason = "create" | "move" | "change" | "remove" | "repair";

/** A write of one ConfigMap that is to be done. */
export interface Job {
  /** The name of the ConfigMap. */
  readonly name: string;
  readonly move: Move;
  /** Never `repair`: what was there before is not known here. */
  readonly reason: WriteReason;
  /** What the API server stores anew for it, in bytes: the whole object, not the patch. */
  readonly bytes: number;
  /** Never throws. */
  readonly run: () => Promise<Outcome>;
}

/** What a ConfigMap weighs beside its data, in bytes. */
const objectBytes = 1024;

const writing = { fieldManager, metadataOnly: true } as const;

const failed = (fault: ApiError): Outcome => ({ type: "failed", fault });

/**
 * The writes of a plan: the one place that writes ConfigMaps. Each ConfigMap is written once at the most, and with its precondition, so
 * that nothing that the plan didn't see is overwritten.
 */
export function jobsOf(plan: Plan, mirror: ReadableMirror, context: WriteContext): Job[] {
  const job = (write: ShardWrite, reason: WriteReason, run: () => Promise<Outcome>): Job => ({
    name: write.name,
    move: write.move,
    reason,
    bytes: storedBytes(write),
    run,
  });
  return [
    ...plan.create.map((write) => job(write, "create", () => create(write, mirror, context))),
    ...plan.patch.map((write) =>
      job(write, write.move === "none" ? "change" : "move", () => change(write, mirror, context)),
    ),
    ...plan.remove.map((removal) => ({
      name: removal.name,
      move: removal.move,
      reason: "remove" as const,
      bytes: objectBytes,
      run: () => remove(removal, mirror, context),
    })),
  ];
}

function storedBytes(write: ShardWrite): number {
  const { data, restBytes } = write;
  const kept = [...data.kept].map((key) => write.held.sizes.get(key) ?? 0);
  return kept.reduce((sum, size) => sum + size, data.size + objectBytes + restBytes);
}

async function create(write: ShardWrite, mirror: ReadableMirror, context: WriteContext): Promise<Outcome> {
  const { name } = write;
  try {
    const manifest = write.body as KubernetesObject;
    const answer = await context.client.create(configMaps, manifest, { wire: configMapWire, ...writing });
    return written(write, answer, mirror, context);
  } catch (error) {
    const fault = ApiError.from(error);
    if (fault.code === "already-exists") return occupied(name, mirror, context, fault);
    return unwritten(fault, "create", name);
  }
}

function written(
  { held, data }: ShardWrite,
  answer: KubernetesObject,
  mirror: ReadableMirror,
  { configMaps: store }: WriteContext,
): Outcome {
  const state = writtenState(answer, held);
  store.wrote(entryOf(state), isInSync(state, mirror, data));
  return { type: "written", state };
}

function unwritten(fault: ApiError, verb: "create" | "update" | "patch" | "delete", name: string): Outcome {
  const problem = writeProblem(fault, verb, name);
  return problem === undefined ? failed(fault) : { type: "refused", problem };
}

/** Something stands there that our watch doesn't show, since it has not our label: ours, with the label lost, or somebody's. */
async function occupied(
  name: string,
  mirror: ReadableMirror,
  { client, configMaps: store }: WriteContext,
  fault: ApiError,
): Promise<Outcome> {
  try {
    const found = await readConfigMap(client, mirror.namespace, name);
    const problem = occupation(found, mirror) ?? (found.immutable ? immutableTarget(name) : undefined);
    if (problem !== undefined) return { type: "refused", problem };
    store.found(entryOf(found));
    return failed(fault);
  } catch (error) {
    return failed(ApiError.from(error));
  }
}

/** Brings a ConfigMap to what it is to be: it is replaced, where all of it is known, since a patch costs the API server more. */
async function change(write: ShardWrite, mirror: ReadableMirror, context: WriteContext): Promise<Outcome> {
  const { name } = write;
  const { client, configMaps: store } = context;
  const whole = write.whole as KubernetesObject | undefined;
  try {
    const answer =
      whole === undefined
        ? await client.patch(configMaps, { namespace: mirror.namespace, name }, write.body, {
            type: "merge",
            ...writing,
          })
        : await client.replace(configMaps, whole, { wire: configMapWire, ...writing });
    return written(write, answer, mirror, context);
  } catch (error) {
    const fault = ApiError.from(error);
    notePassed(fault, mirror.namespace, name, store);
    return unwritten(fault, whole === undefined ? "patch" : "update", name);
  }
}

/**
 * A write was refused that was of a state which has passed. Of a ConfigMap without our label the watch tells neither what it is by now nor
 * that it's gone: it is to be read again.
 */
function notePassed({ code }: ApiError, namespace: string, name: string, store: WriteContext["configMaps"]): void {
  if (code === "not-found") store.forget(namespace, name);
  else if (code === "conflict") forgetUnshown(namespace, name, store);
}

function forgetUnshown(namespace: string, name: string, store: WriteContext["configMaps"]): void {
  if (store.get(namespace, name)?.mirror === undefined) store.forget(namespace, name);
}

async function remove(
  { name, uid, resourceVersion }: Removal,
  { namespace }: ReadableMirror,
  { client, configMaps: store }: WriteContext,
): Promise<Outcome> {
  try {
    await client.delete(configMaps, { namespace, name }, { uid, resourceVersion });
    forgetUnshown(namespace, name, store);
    return { type: "written", state: undefined };
  } catch (error) {
    const fault = ApiError.from(error);
    notePassed(fault, namespace, name, store);
    return fault.code === "not-found" ? { type: "gone" } : unwritten(fault, "delete", name);
  }
}

/** Reads a ConfigMap that our watch may not show. @throws ApiError. */
export async function readConfigMap(
  client: Pick<ApiClient, "get">,
  namespace: string,
  name: string,
): Promise<ConfigMapState> {
  return configMapState(await client.get(configMaps, { namespace, name }), digest);
}

/** A ConfigMap as its store has it. */
export function entryOf(state: ConfigMapState) {
  const { namespace, name, resourceVersion } = state;
  return { namespace, name, resourceVersion, object: state };
}
