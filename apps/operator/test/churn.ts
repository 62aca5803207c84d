import { type ApiClient, ApiError, configMaps, pods } from "@metadata-mirror/api-client";
import { createPod, deletePod } from "../src/demo/sandbox.ts";
import { metadataMirrors } from "../src/mirror/resources.ts";
import { until } from "./calm.ts";

/** Pods with labels that change all the time, in some namespaces with a mirror `peers` each. */
export interface Churn {
  /** What the ConfigMap of the namespace is to hold by now. */
  readonly truth: (namespace: string) => Record<string, string>;
  /** Changes something each few milliseconds until the signal aborts: of a pod, or of a mirror or a ConfigMap as a person would by hand. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

const names = ["a", "b", "c", "d"];

/** Half of the pods are there. `random` is a number in [0, 1). */
export async function createChurn(
  client: ApiClient,
  namespaces: readonly string[],
  random: () => number,
): Promise<Churn> {
  /** The versions of the pods that are there. */
  const present = new Map(namespaces.map((namespace) => [namespace, new Map<string, string>()]));
  const podsOf = (namespace: string) => present.get(namespace) ?? new Map<string, string>();
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  let version = 0;

  async function create(namespace: string, name: string): Promise<void> {
    const labels = { app: "web", version: String(++version) };
    await createPod(client, { namespace, name, labels });
    podsOf(namespace).set(name, labels.version);
  }

  async function change(namespace: string, name: string): Promise<void> {
    const labels = { version: String(++version) };
    await client.patch(pods, { namespace, name }, { metadata: { labels } });
    podsOf(namespace).set(name, labels.version);
  }

  async function remove(namespace: string, name: string): Promise<void> {
    await deletePod(client, namespace, name);
    podsOf(namespace).delete(name);
  }

  async function meddle(namespace: string): Promise<void> {
    const ref = { namespace, name: "peers" };
    const annotations = { touched: String(++version) };
    if (random() < 0.5) await client.patch(metadataMirrors, ref, { metadata: { annotations } });
    else await client.patch(configMaps, ref, { data: { a_podName: "by hand" } });
  }

  async function step(): Promise<void> {
    const namespace = pick(namespaces);
    const name = pick(names);
    const luck = random();
    if (!podsOf(namespace).has(name)) await create(namespace, name);
    else if (luck < 0.1) await remove(namespace, name);
    else if (luck < 0.2) await meddle(namespace);
    else await change(namespace, name);
  }

  for (const namespace of namespaces) for (const name of names.slice(2)) await create(namespace, name);
  return {
    truth: (namespace) =>
      Object.fromEntries(
        [...podsOf(namespace)].flatMap(([name, its]) => [
          [`${name}_podName`, name],
          [`${name}_labels`, `app="web"\nversion="${its}"`],
        ]),
      ),
    async run(signal) {
      while (!signal.aborted) {
        await step().catch((error: unknown) => {
          // the ConfigMap isn't there yet
          if (ApiError.from(error).code !== "not-found") throw error;
        });
        await until(performance.now() + 10);
      }
    },
  };
}
