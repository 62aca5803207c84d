import { type ConfigMapState, type HeldData, isDocument } from "./config-map.ts";
import { mirrorLabel, ownDocumentsAnnotation, placementAnnotation } from "./names.ts";
import { occupation, type Owner, ownerReference } from "./ownership.ts";
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
      annotations: {
        [placementAnnotation]: data.placement,
        ...(data.own === "" ? {} : { [ownDocumentsAnnotation]: data.own }),
      },
      ownerReferences: [ownerReference(mirror)],
    },
    data: Object.fromEntries([...data.values].map(([key, { value }]) => [key, value])),
  };
}

/**
 * The JSON merge patch (RFC 7386) that makes `existing` hold exactly `data`, with our label, placement and owner, or undefined where it
 * does already. What `data` keeps stays as it is, and so do other labels, annotations and owners. Its resourceVersion is the precondition: a
 * stale one is answered by 409. What is answered makes it, since it holds all the text, and is seldom what is sent.
 */
export function configMapPatch(existing: ConfigMapState, mirror: Owner, data: ShardData): (() => object) | undefined {
  const changed = [...data.values].filter(([key, { digest }]) => existing.digests.get(key) !== digest);
  const kept = keptKeys(existing, data.kept);
  const gone = [...existing.digests.keys()].filter((key) => !data.values.has(key) && !kept.has(key));
  const annotations = {
    ...(existing.placement === data.placement ? {} : { [placementAnnotation]: data.placement }),
    ...(existing.own === data.own ? {} : { [ownDocumentsAnnotation]: data.own === "" ? null : data.own }),
  };
  const metadata = {
    ...(existing.mirror === mirror.name ? {} : { labels: { [mirrorLabel]: mirror.name } }),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
    ...ownerPatch(existing, mirror),
  };
  const strange = Object.fromEntries(existing.binaryKeys.map((key) => [key, null]));
  const differs = [changed, gone, existing.binaryKeys, Object.keys(metadata)].some(({ length }) => length > 0);
  if (!differs) return undefined;
  return () => ({
    metadata: { resourceVersion: existing.resourceVersion, ...metadata },
    ...(changed.length + gone.length > 0 && {
      data: Object.fromEntries([...changed.map(([key, { value }]) => [key, value]), ...gone.map((key) => [key, null])]),
    }),
    ...(existing.binaryKeys.length > 0 && { binaryData: strange }),
  });
}

/** Whether `existing` is the mirror's and holds exactly `data`, so that there is nothing to write. */
export function isInSync(existing: ConfigMapState, mirror: Owner, data: ShardData): boolean {
  return occupation(existing, mirror) === undefined && configMapPatch(existing, mirror, data) === undefined;
}

/**
 * The whole ConfigMap that the patch leads to, with `existing` as its precondition; undefined where it holds what is not known here: what
 * others put there, or a document that is kept. To replace it costs the API server less than to patch it.
 */
export function configMapReplacement(existing: ConfigMapState, mirror: Owner, data: ShardData) {
  const hasOthers = existing.ownerReferences.some(({ uid }) => uid !== mirror.uid);
  if (!existing.isPlain || hasOthers || keptKeys(existing, data.kept).size > 0) return undefined;
  const { namespace, name, uid, resourceVersion } = existing;
  const manifest = configMapManifest(namespace, name, mirror, data);
  return { ...manifest, metadata: { ...manifest.metadata, uid, resourceVersion } };
}

/** Our owner reference where it isn't there as it should be, beside those of others. */
function ownerPatch({ ownerReferences }: ConfigMapState, mirror: Owner) {
  const ours = ownerReference(mirror);
  const found = ownerReferences.filter(({ uid }) => uid === mirror.uid);
  const isRight = found.length === 1 && found[0]?.controller === true && found[0].blockOwnerDeletion !== true;
  return isRight ? {} : { ownerReferences: [...ownerReferences.filter(({ uid }) => uid !== mirror.uid), ours] };
}

/**
 * Those of `keys` that are kept: documents of peers of the mirror's own namespace. What else stands under such a key, a document of another
 * format or one that shows more, may hold what no grant gives any more.
 */
export function keptKeys(
  existing: Pick<ConfigMapState, "own"> | undefined,
  keys: ReadonlySet<string>,
): ReadonlySet<string> {
  const own = existing?.own.split(" ") ?? [];
  return new Set([...keys].filter((key) => own.includes(key)));
}

/** What a ConfigMap holds once `data` is written over `existing`. */
export function heldAfter(existing: ConfigMapState | undefined, data: ShardData): HeldData {
  const values = [...data.values];
  const keys = keptKeys(existing, data.kept);
  const kept = <T>(map: ReadonlyMap<string, T> = new Map()) => [...map].filter(([key]) => keys.has(key));
  return {
    digests: new Map([...values.map(([key, { digest }]) => [key, digest] as const), ...kept(existing?.digests)]),
    sizes: new Map([
      ...values.flatMap(([key, { bytes }]) => (isDocument(key) ? [[key, bytes] as const] : [])),
      ...kept(existing?.sizes),
    ]),
  };
}
