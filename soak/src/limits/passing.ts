import { createPod, podSpecs } from "@metadata-mirror/bench";
import { type Cluster, paths } from "./cluster.ts";
import { grantBody, toldMirrorBody } from "./manifests.ts";
import type { Move } from "./moves.ts";

/** How long what passes is there, in milliseconds: for as long as the operator may need for all that it does of it. */
const stayMs = 3_000;

/**
 * A namespace comes and goes, with all that is remembered by namespace and pod: pods that are told of changes of what they mount, a mirror
 * that is refused its ConfigMap, and an Event of that.
 */
export const passNamespace: Move = async (troupe) => {
  const { cluster, world, clock, signal } = troupe;
  const number = ++troupe.made;
  const namespace = `passing-${number}`;
  await cluster.create("/api/v1/namespaces", JSON.stringify({ metadata: { name: namespace } }));
  await cluster.create(paths.configMaps(namespace), JSON.stringify({ metadata: { name: "theirs" } }));
  // the pods mount what is called so
  await cluster.create(paths.mirrors(namespace), toldMirrorBody(namespace, "told", "web", "storefront"));
  await cluster.create(paths.mirrors(namespace), toldMirrorBody(namespace, "refused", "web", "theirs"));
  for (const pod of podSpecs(namespace, "web", 2, number)) await createPod(world.api, pod, 0);
  await clock.sleep(stayMs, signal);
  for (const path of [paths.mirrors(namespace), paths.configMaps(namespace), paths.pods(namespace)])
    await cluster.remove(path);
  await endNamespace(cluster, namespace);
};

/** Here is no controller that would see to it. */
async function endNamespace(cluster: Cluster, name: string): Promise<void> {
  await cluster.remove(`/api/v1/namespaces/${name}`);
  await cluster.finalize(name);
}

/** A grant comes, and goes: mirrors of another namespace see pods here for so long. */
export const passGrant: Move = async (troupe) => {
  const { cluster, clock, random, signal, stage } = troupe;
  const at = random.int(0, stage.namespaces.length - 1);
  const namespace = stage.namespaces[at] ?? "";
  const to = stage.namespaces[(at + stage.namespaces.length - 1) % stage.namespaces.length] ?? "";
  const name = `grant-${++troupe.made}`;
  await cluster.create(paths.grants(namespace), grantBody(namespace, name, to));
  await clock.sleep(stayMs, signal);
  await cluster.remove(`${paths.grants(namespace)}/${name}`);
};

/** A node comes, and goes. */
export const passNode: Move = async (troupe) => {
  const name = `node-${++troupe.made}`;
  await troupe.cluster.create(paths.nodes, JSON.stringify({ metadata: { name } }));
  await troupe.cluster.remove(`${paths.nodes}/${name}`);
};

/** The Lease of another replica comes, and goes. */
export const passLease: Move = async (troupe) => {
  const identity = `other-${++troupe.made}`;
  const name = `metadata-mirror-replica-${identity}-of-1`;
  const metadata = { name, labels: { "metadatamirror.dev/lease": "metadata-mirror" } };
  const spec = { holderIdentity: identity, leaseDurationSeconds: 1 };
  await troupe.cluster.create(paths.leases("default"), JSON.stringify({ metadata, spec }));
  await troupe.cluster.remove(`${paths.leases("default")}/${name}`);
};
