import { type ConfigMapState, documentSizes, type HeldData } from "./config-map.ts";
import { mirrorLabel, placementAnnotation } from "./names.ts";
import { type Owner, ownerReference } from "./ownership.ts";
import type { ShardData } from "./render/shard.ts";

/** A ConfigMap to be created, as the API takes it. */
export function configMapManifest(namespace: string, name: string, mirror: Owner, data: ShardData) {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      namespace,
      name,
      labels: { [mirrorLabel]: mirror.name },
      annotations: { [placementAnnotation]: data.placement },
      ownerReferences: [ownerReference(mirror)],
    },
    data: Object.fromEntries([...data.values].map(([key, { value }]) => [key, value])),
  };
}

/**
 * The JSON merge patch (RFC 7386) that makes `existing` hold exactly `data`, with our label, placement and owner, or undefined where it
 * does already. What `data` keeps stays as it is. Other labels, annotations and owners stay. Its resourceVersion is the precondition: a stale one is answered by 409.
 */
export function configMapPatch(existing: ConfigMapState, mirror: Owner, data: ShardData): object | undefined {
  const changed = [...data.values].filter(([key, { digest }]) => existing.digests.get(key) !== digest);
  const gone = [...existing.digests.keys()].filter((key) => !data.values.has(key) && !data.kept.has(key));
  const metadata = {
    ...(existing.mirror === mirror.name ? {} : { labels: { [mirrorLabel]: mirror.name } }),
    ...(existing.placement === data.placement ? {} : { annotations: { [placementAnnotation]: data.placement } }),
    ...ownerPatch(existing, mirror),
  };
  const body = {
    ...(changed.length + gone.length === 0
      ? {}
      : {
          data: Object.fromEntries([
            ...changed.map(([key, { value }]) => [key, value]),
            ...gone.map((key) => [key, null]),
          ]),
        }),
    ...(existing.binaryKeys.length === 0
      ? {}
      : { binaryData: Object.fromEntries(existing.binaryKeys.map((key) => [key, null])) }),
  };
  if (Object.keys(metadata).length + Object.keys(body).length === 0) return undefined;
  return { metadata: { resourceVersion: existing.resourceVersion, ...metadata }, ...body };
}

/** Our owner reference where it isn't there as it should be, beside those of others. */
function ownerPatch({ ownerReferences }: ConfigMapState, mirror: Owner) {
  const ours = ownerReference(mirror);
  const found = ownerReferences.filter(({ uid }) => uid === mirror.uid);
  const isRight = found.length === 1 && found[0]?.controller === true && found[0].blockOwnerDeletion !== true;
  return isRight ? {} : { ownerReferences: [...ownerReferences.filter(({ uid }) => uid !== mirror.uid), ours] };
}

/** What a ConfigMap holds once `data` is written over `existing`. */
export function heldAfter(existing: HeldData | undefined, data: ShardData): HeldData {
  const values = [...data.values];
  const kept = <T>(map: ReadonlyMap<string, T> = new Map()) => [...map].filter(([key]) => data.kept.has(key));
  return {
    digests: new Map([...values.map(([key, { digest }]) => [key, digest] as const), ...kept(existing?.digests)]),
    sizes: new Map([
      ...documentSizes(values.map(([key, { value }]) => [key, value] as const)),
      ...kept(existing?.sizes),
    ]),
  };
}
