import { ApiError, describeResource, namespaces, type Resource } from "@metadata-mirror/api-client";
import { poll } from "@metadata-mirror/control-plane";
import { testLabel } from "../up.ts";
import type { Surroundings } from "./surroundings.ts";

const serviceAccounts: Resource = {
  group: "",
  version: "v1",
  plural: "serviceaccounts",
  kind: "ServiceAccount",
  namespaced: true,
};

/** Does `work` in a namespace of its own, which goes afterwards with all that is in it; `name` is how its name begins. */
export async function inNamespace<T>(
  { host: { signal }, client, clock }: Surroundings,
  name: string,
  work: (namespace: string) => Promise<T>,
): Promise<T> {
  const namespace = `${name}-${clock.now().toString(36)}`;
  await client.create(namespaces, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: namespace, labels: { [testLabel]: "" } },
  });
  try {
    // before it is there pods are refused
    const account = () => client.get(serviceAccounts, { namespace, name: "default" }).catch(undefinedIfNotFound);
    await poll(account, { everyMs: 100, timeoutMs: 60_000, signal });
    return await work(namespace);
  } finally {
    await client.delete(namespaces, { name: namespace });
  }
}

/** Of an error: undefined where there is no such object. */
function undefinedIfNotFound(error: unknown): undefined {
  if (ApiError.from(error).code !== "not-found") throw error;
}

/** For a `poll`: the object, once `isThere` says so. */
export async function waitFor(
  { host: { signal }, client }: Surroundings,
  resource: Resource,
  ref: { readonly namespace: string; readonly name: string },
  isThere: (object: Readonly<Record<string, unknown>>) => boolean,
): Promise<void> {
  let last = "it is not there";
  const ask = async () => {
    const object = await client.get(resource, ref).catch(undefinedIfNotFound);
    if (object === undefined) return undefined;
    last = JSON.stringify(object["status"]);
    return isThere(object) || undefined;
  };
  try {
    await poll(ask, { everyMs: 100, timeoutMs: 120_000, signal });
  } catch (cause) {
    throw new Error(`${describeResource(resource, ref)} did not get ready: ${last}`, { cause });
  }
}
