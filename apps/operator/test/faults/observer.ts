import { isDeepStrictEqual } from "node:util";
import { type ApiClient, configMaps, type KubernetesObject } from "@metadata-mirror/api-client";
import type { Time } from "./history.ts";
import type { Data, MirrorName } from "./truth.ts";

/** A version of a ConfigMap, as the API server told of it. */
export interface Version {
  readonly name: string;
  readonly resourceVersion: string;
  readonly at: Time;
  readonly data: Data;
  /** All that may be written, but for the version and who wrote which field. */
  readonly content: unknown;
}

/** Watches the ConfigMaps of a namespace, directly: what an operator writes is seen whatever stands in its own way. Disposing ends it. */
export interface Observer extends AsyncDisposable {
  /** Every version since it began, in order. */
  readonly versions: readonly Version[];
  /** Resolves once the ConfigMaps are as told, all of them at once; throws what differs when that isn't so within `withinMs`. */
  expect(truth: Readonly<Record<MirrorName, Data>>, withinMs: number): Promise<void>;
}

/** Begins to watch; `stallMs` is for a server that may lose data, which its streams say nothing of. */
export function observe(client: ApiClient, namespace: string, stallMs?: number): Observer {
  const stop = new AbortController();
  const versions: Version[] = [];
  const present = new Map<string, Data>();
  let onChange = (): void => undefined;

  async function run(): Promise<void> {
    const options = { namespace, decode: versionOf, signal: stop.signal, ...(stallMs !== undefined && { stallMs }) };
    const events = client.watch(configMaps, options);
    for await (const event of events) {
      if (event.type === "init") present.clear();
      if (event.type === "delete") present.delete(event.object.name);
      if (event.type === "apply" || event.type === "initApply") {
        const version = event.object;
        present.set(version.name, version.data);
        // a list tells of it again
        const last = versions.findLast(({ name }) => name === version.name);
        if (last?.resourceVersion !== version.resourceVersion) versions.push(version);
      }
      onChange();
    }
  }
  const ended = run();

  return {
    versions,
    async expect(truth, withinMs) {
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const isTrue = () => Object.entries(truth).every(([name, data]) => isDeepStrictEqual(present.get(name), data));
      onChange = () => isTrue() && resolve(true);
      onChange();
      const timer = setTimeout(() => resolve(false), withinMs);
      const reached = await promise;
      clearTimeout(timer);
      onChange = () => undefined;
      if (!reached) throw new Error(`not true within ${withinMs} ms: ${differences(truth, present).join("; ")}`);
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}

function versionOf({ metadata, ...rest }: KubernetesObject): Version {
  const { name = "", resourceVersion = "", labels, annotations, ownerReferences } = metadata;
  const { data = {}, binaryData } = rest as { data?: Data; binaryData?: object };
  const content = { data, binaryData, labels, annotations, ownerReferences };
  return { name, resourceVersion, at: performance.now(), data, content };
}

/** The keys that differ, each with what it is and what it must be. */
function differences(truth: Readonly<Record<string, Data>>, present: ReadonlyMap<string, Data>): string[] {
  return Object.entries(truth).flatMap(([name, must]) => {
    const is = present.get(name);
    if (is === undefined) return [`${name} isn't there`];
    const keys = [...new Set([...Object.keys(must), ...Object.keys(is)])];
    const differing = keys.filter((key) => must[key] !== is[key]);
    return differing.map((key) => `${name}: ${key} is ${is[key] ?? "missing"}, not ${must[key] ?? "missing"}`);
  });
}
