import { type ConfigMapState, configMapState } from "../../src/config-map.ts";
import type { Plan } from "../../src/plan.ts";
import { digest } from "./objects.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type JsonObject = { readonly [key: string]: Json };

/** A ConfigMap as the API server stores it. */
export interface StoredConfigMap {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
  } & JsonObject;
  readonly data?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

/** The ConfigMaps of a namespace by name. */
export type Stored = ReadonlyMap<string, StoredConfigMap>;

/** The ConfigMap as it is stored after `version`, or refused as the API server would refuse it. */
function store({ metadata, ...rest }: JsonObject, version = "0"): StoredConfigMap {
  const { name } = metadata as JsonObject;
  const resourceVersion = String(Number(version) + 1);
  const stored = { ...rest, metadata: { uid: `uid-of-${String(name)}`, ...(metadata as JsonObject), resourceVersion } };
  const configMap = stored as unknown as StoredConfigMap;
  const { data = {}, binaryData = {} } = configMap as { data?: JsonObject; binaryData?: JsonObject };
  for (const key of [...Object.keys(data), ...Object.keys(binaryData)]) {
    if (!/^[-._a-zA-Z0-9]{1,253}$/.test(key) || /^\.(\.|$)/.test(key)) throw new Error(`422: the key ${key}`);
    if (key in data && key in binaryData) throw new Error(`422: ${key} is in data and in binaryData`);
  }
  const size = Object.values(data).reduce<number>((sum, value) => sum + Buffer.byteLength(String(value)), 0);
  if (size > 1024 * 1024) throw new Error("422: too long: may not be more than 1048576 bytes");
  return configMap;
}

/** RFC 7386. */
function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const result: Record<string, Json> = { ...(isObject(target) ? target : {}) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What went over the wire. */
const sent = (body: object) => JSON.parse(JSON.stringify(body)) as JsonObject;

function found(stored: Stored, name: string, resourceVersion: unknown): StoredConfigMap {
  const configMap = stored.get(name);
  if (configMap === undefined) throw new Error(`404: ${name}`);
  if (configMap.metadata.resourceVersion !== resourceVersion) throw new Error(`409: ${name} has changed`);
  return configMap;
}

/** One request of a plan, as a function of what is stored. */
export type Request = (stored: Stored) => Stored;

/** The requests of `plan` in the order in which the operator sends them: what takes peers over, what gives them up, what goes. */
export function requests(plan: Plan): Request[] {
  const takersFirst = plan.patch.toSorted((a, b) => Number(b.takesOver) - Number(a.takesOver));
  return [
    ...plan.create.map(
      ({ name, body }): Request =>
        (stored) => {
          if (stored.has(name)) throw new Error(`409: ${name} already exists`);
          return new Map([...stored, [name, store(sent(body))]]);
        },
    ),
    ...takersFirst.map(
      ({ name, body }): Request =>
        (stored) => {
          const patch = sent(body);
          const before = found(stored, name, (patch["metadata"] as JsonObject)["resourceVersion"]);
          return new Map([
            ...stored,
            [name, store(mergePatch(sent(before), patch) as JsonObject, before.metadata.resourceVersion)],
          ]);
        },
    ),
    ...plan.remove.map(
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

/** The ConfigMap stored by someone who isn't us. `metadata` needs `namespace` and `name`. */
export function storedByHand(...configMaps: readonly object[]): Stored {
  return new Map(
    configMaps.map((configMap) => store(sent(configMap))).map((configMap) => [configMap.metadata.name, configMap]),
  );
}

/** What is stored, as plans see it. */
export function states(stored: Stored): ConfigMapState[] {
  return [...stored.values()].map((configMap) => configMapState(configMap, digest));
}
