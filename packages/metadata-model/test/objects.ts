import type * as z from "zod";
import type { Digest } from "../src/config-map.ts";
import type { MetadataGrant, MetadataGrantSpec } from "../src/metadata-grant.ts";
import { type MetadataMirrorSpec, metadataMirror, type ReadableMirror } from "../src/metadata-mirror.ts";
import type { World } from "../src/world.ts";
import type { PodMetadata } from "../src/pod-metadata.ts";

/** Free of collisions, readable, and not the text itself, so that the two can't be taken for one another. */
export const digest: Digest = (text) => `#${text}`;

/** A running pod `shop/web-1`, but for what `fields` says. Its uid is its name by default. */
export function pod(fields: Partial<PodMetadata> = {}): PodMetadata {
  return {
    namespace: "shop",
    name: "web-1",
    uid: fields.name ?? "web-1",
    labels: {},
    annotations: {},
    terminating: false,
    nodeName: "node-1",
    serviceAccountName: "default",
    phase: "Running",
    ready: "True",
    hostIP: "192.168.0.1",
    hostIPs: ["192.168.0.1"],
    podIP: "10.0.0.1",
    podIPs: ["10.0.0.1"],
    containers: [],
    ...fields,
  };
}

type SpecInput = Partial<z.input<typeof MetadataMirrorSpec>>;

/** The mirror `shop/web-peers` with uid `mirror-1`: every pod's podIP, as files, but for what `spec` says. Read as the operator reads it. */
export function mirror(spec: SpecInput = {}, uid = "mirror-1"): ReadableMirror {
  const items = [{ path: "podIP", fieldRef: { fieldPath: "status.podIP" } }];
  const read = metadataMirror({
    metadata: { namespace: "shop", name: "web-peers", uid },
    spec: { peers: { selector: {} }, items, ...spec },
  });
  if (read.spec === undefined) throw new Error(read.problem);
  return { ...read, spec: read.spec };
}

/** A grant in `shop-eu` to the mirrors of `shop`, for every pod, but for what `spec` says. */
export function grant(
  fieldPaths: string[],
  spec: Partial<MetadataGrantSpec> = {},
  namespace = "shop-eu",
): MetadataGrant {
  return {
    namespace,
    name: "grant",
    spec: { from: [{ namespace: "shop" }], selector: {}, fields: { fieldPaths }, ...spec },
  };
}

/** A world with nothing in it, but for what `fields` says. */
export function world(fields: Partial<World> = {}): World {
  return {
    pods: [],
    node: () => undefined,
    grants: [],
    existing: [],
    mounted: () => false,
    refreshRefused: false,
    isBlocked: () => false,
    mayLetGo: () => true,
    reachable: () => true,
    ...fields,
  };
}
