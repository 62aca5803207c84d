// An API server of ConfigMaps, as a function: a plan and what is stored before → what is stored thereafter.

import { deepStrictEqual as deepEqual } from "node:assert";
import type { Move } from "../src/existing.ts";
import { type ConfigMapState, configMapState, type OwnerReference } from "../src/config-map.ts";
import type { Plan } from "../src/plan.ts";
import { digest } from "./objects.ts";

type Texts = Readonly<Record<string, string>>;

interface ConfigMap {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels?: Texts;
    readonly annotations?: Texts;
    readonly ownerReferences?: readonly OwnerReference[];
  };
  readonly immutable?: boolean;
  readonly data?: Texts;
  readonly binaryData?: Texts;
}

/** A ConfigMap as the API server stores it. */
export interface StoredConfigMap extends ConfigMap {
  readonly metadata: ConfigMap["metadata"] & { readonly uid: string; readonly resourceVersion: string };
}

/** The ConfigMaps of a namespace by name. */
export type Stored = ReadonlyMap<string, StoredConfigMap>;

/** The ConfigMap as it is stored in place of version `before`, or refused as the API server would refuse it. */
function store(configMap: ConfigMap, before = "0"): StoredConfigMap {
  const { metadata, data = {}, binaryData = {} } = configMap;
  for (const key of [...Object.keys(data), ...Object.keys(binaryData)]) {
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key) || /^\.(\.|$)/.test(key)) throw new Error(`422: the key ${key}`);
    if (key in data && key in binaryData) throw new Error(`422: ${key} is in data and in binaryData`);
  }
  const size = Object.values(data).reduce((sum, value) => sum + Buffer.byteLength(value), 0);
  if (size > 1024 * 1024) throw new Error("422: too long: may not be more than 1048576 bytes");
  const resourceVersion = String(Number(before) + 1);
  return { ...configMap, metadata: { uid: `uid-of-${metadata.name}`, ...metadata, resourceVersion } };
}

/** RFC 7386. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = { ...(isObject(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What arrives of `body` over the wire. */
const arrived = (body: object) => JSON.parse(JSON.stringify(body)) as ConfigMap;

function found(stored: Stored, name: string, resourceVersion: string | undefined): StoredConfigMap {
  const configMap = stored.get(name);
  if (configMap === undefined) throw new Error(`404: ${name}`);
  if (configMap.metadata.resourceVersion !== resourceVersion) throw new Error(`409: ${name} has changed`);
  return configMap;
}

/** Sees to it that the ConfigMap is the same to everybody whether it's patched or replaced. */
function expectSame(patched: ConfigMap, whole: ConfigMap): void {
  deepEqual(whole.data, patched.data ?? {});
  // an annotation that is empty may be missing as well
  deepEqual(configMapState(whole, digest), configMapState(patched, digest));
}

/** One request of a plan, as a function of what is stored. */
type Request = (stored: Stored) => Stored;

/** The requests of `plan` in the order in which the operator sends them: what takes peers over, what gives them away, the rest. */
export function requests(plan: Plan): Request[] {
  const due = (move: Move) => ({
    create: plan.create.filter((write) => write.move === move),
    patch: plan.patch.filter((write) => write.move === move),
    remove: plan.remove.filter((removal) => removal.move === move),
  });
  return (["takes", "gives", "none"] as const).flatMap((move) => requestsOf(due(move)));
}

function requestsOf({ create, patch, remove }: Pick<Plan, "create" | "patch" | "remove">): Request[] {
  return [
    ...create.map(
      ({ name, body }): Request =>
        (stored) => {
          if (stored.has(name)) throw new Error(`409: ${name} already exists`);
          return new Map([...stored, [name, store(arrived(body))]]);
        },
    ),
    ...patch.map(
      ({ name, body, whole }): Request =>
        (stored) => {
          const change = arrived(body);
          const before = found(stored, name, change.metadata.resourceVersion);
          const patched = mergePatch(before, change) as ConfigMap;
          if (whole !== undefined) expectSame(patched, arrived(whole));
          return new Map([...stored, [name, store(patched, before.metadata.resourceVersion)]]);
        },
    ),
    ...remove.map(
      ({ name, uid, resourceVersion }): Request =>
        (stored) => {
          if (found(stored, name, resourceVersion).metadata.uid !== uid) throw new Error(`409: ${name} is another`);
          return new Map([...stored].filter(([other]) => other !== name));
        },
    ),
  ];
}

/** What is stored once the API server has carried `plan` out. */
export function apply(plan: Plan, stored: Stored): Stored {
  return requests(plan).reduce((before, request) => request(before), stored);
}

/** What is stored when someone who isn't us has stored `configMaps`. */
export function storedByHand(...configMaps: readonly ConfigMap[]): Stored {
  return new Map(configMaps.map((configMap) => [configMap.metadata.name, store(arrived(configMap))]));
}

/** What is stored, as plans see it. */
export function states(stored: Stored): ConfigMapState[] {
  return [...stored.values()].map((configMap) => configMapState(configMap, digest));
}
