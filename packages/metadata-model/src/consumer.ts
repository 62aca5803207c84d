import { revisionAnnotation } from "./names.ts";
import { podIdentity } from "./pod-metadata.ts";
import { isTerminal } from "./select.ts";
import { list, record, text, texts } from "./untrusted.ts";

/** A ConfigMap that a pod mounts so that its files follow it. */
export interface Mount {
  readonly configMap: string;
  /** The keys that `items` picks, sorted and unique; undefined means all. */
  readonly keys: readonly string[] | undefined;
}

/** A use of a ConfigMap that is never brought up to date while its container runs. */
type FixedWay = "subPath" | "env";

interface FixedUse {
  readonly configMap: string;
  readonly ways: readonly FixedWay[];
}

/** What is kept of a pod about the ConfigMaps that it uses. Each list is sorted by the name of the ConfigMap, and has it once. */
export interface Consumer {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** A kubelet has it, and brings its files up to date: it is bound to a node, and neither over nor being deleted. */
  readonly waits: boolean;
  /** What at least one container mounts as a directory, init and ephemeral containers too. */
  readonly mounts: readonly Mount[];
  /** What a container reads by `env`, `envFrom` or `subPath`; it may be mounted as a directory as well. */
  readonly fixed: readonly FixedUse[];
  /** All that its volumes name, mounted or not: none once it has ended for good, since nothing in it reads them any more. */
  readonly references: readonly string[];
  /** Its annotation `metadatamirror.dev/revision`, "" where it has none. */
  readonly revision: string;
  /** About how large etcd's copy of the pod is, which a patch of it stores anew, in whole KiB: see `podBytes`. */
  readonly bytes: number;
}

/** The kubelet's cluster CA, which every pod with an API token mounts: never a mirror's, and kept for nobody. */
const ignored = "kube-root-ca.crt";

/**
 * What the pod, an object of the API's kind Pod, uses of ConfigMaps. Odd shapes are taken for missing ones; only a pod without
 * `metadata.name`, `namespace` or `uid` is a TypeError, since it can't come from an API server.
 *
 * A pod that is being deleted doesn't wait: the kubelet remounts no volume of it (`findAndAddNewPods` of
 * `pkg/kubelet/volumemanager/populator`).
 */
export function consumerOf(pod: unknown): Consumer {
  const { metadata: rawMetadata, spec: rawSpec, status } = record(pod);
  const metadata = record(rawMetadata);
  const spec = record(rawSpec);
  const ended = isTerminal({ phase: text(record(status)["phase"]) });
  const deleted = text(metadata["deletionTimestamp"]) !== "";
  const volumes = list(spec["volumes"]).map(volumeOf);
  const containers = ["containers", "initContainers", "ephemeralContainers"].flatMap((kind) => list(spec[kind]));
  const { whole, sub } = mountedVolumes(containers);
  const named = (names: ReadonlySet<string>) => volumes.filter(({ name }) => names.has(name)).flatMap(sourcesOf);
  const annotations = texts(metadata["annotations"]);
  return {
    ...podIdentity(metadata),
    waits: text(spec["nodeName"]) !== "" && !ended && !deleted,
    mounts: merged(named(whole)),
    fixed: fixedUses([
      ...named(sub).map(({ configMap }) => ({ configMap, way: "subPath" as const })),
      ...containers.flatMap(envSources).map((configMap) => ({ configMap, way: "env" as const })),
    ]),
    references: ended ? [] : merged(volumes.flatMap(sourcesOf)).map(({ configMap }) => configMap),
    revision: Object.hasOwn(annotations, revisionAnnotation) ? (annotations[revisionAnnotation] ?? "") : "",
    bytes: podBytes(annotations, texts(metadata["labels"])),
  };
}

/** Spec, status and managedFields of a pod, which differ less than what people and tools write into its annotations: 256 KiB at most. */
const flatBytes = 8 * 1024;

/** Counted cheaply, since it's done for each event of a pod; whole KiB, since each other size is another state of the pod. */
function podBytes(...maps: readonly Readonly<Record<string, string>>[]): number {
  let bytes = flatBytes;
  for (const map of maps) for (const [key, value] of Object.entries(map)) bytes += key.length + value.length;
  return Math.ceil(bytes / 1024) * 1024;
}

/** Whether the pod has to do with any ConfigMap. */
export function usesConfigMaps({ references, fixed }: Consumer): boolean {
  return references.length + fixed.length > 0;
}

interface Volume {
  readonly name: string;
  readonly sources: readonly Mount[];
}

function volumeOf(raw: unknown): Volume {
  const { name, configMap, projected } = record(raw);
  const sources = [{ configMap }, ...list(record(projected)["sources"])].map((source) => record(source)["configMap"]);
  return { name: text(name), sources: sources.map(mountOf).filter((mount) => mount.configMap !== "") };
}

const sourcesOf = ({ sources }: Volume) => sources;

function mountOf(source: unknown): Mount {
  const { name, items } = record(source);
  const keys = list(items).map((item) => text(record(item)["key"]));
  // no items means all keys
  return { configMap: nameOf(name), keys: keys.length === 0 ? undefined : keys };
}

/** The name of a ConfigMap that may be a mirror's, else "". */
function nameOf(name: unknown): string {
  return name === ignored ? "" : text(name);
}

/** The names of the volumes that some container mounts as a directory, and of those that one mounts a path of. */
function mountedVolumes(containers: readonly unknown[]) {
  const whole = new Set<string>();
  const sub = new Set<string>();
  for (const mount of containers.flatMap((container) => list(record(container)["volumeMounts"])).map(record)) {
    const isSub = text(mount["subPath"]) !== "" || text(mount["subPathExpr"]) !== "";
    (isSub ? sub : whole).add(text(mount["name"]));
  }
  return { whole, sub };
}

/** The names of the ConfigMaps that the environment of a container is made from. */
function envSources(container: unknown): string[] {
  const { env, envFrom } = record(container);
  const keyRefs = list(env).map((variable) => record(record(variable)["valueFrom"])["configMapKeyRef"]);
  const refs = list(envFrom).map((source) => record(source)["configMapRef"]);
  return [...keyRefs, ...refs].map((ref) => nameOf(record(ref)["name"])).filter((name) => name !== "");
}

/** Each ConfigMap once: all its keys where one mount has all, else those that any of them picks. */
function merged(mounts: readonly Mount[]): Mount[] {
  return [...Map.groupBy(mounts, ({ configMap }) => configMap)].toSorted(byName).map(([configMap, group]) => {
    const keys = group.every((mount) => mount.keys !== undefined)
      ? group.flatMap((mount) => mount.keys ?? [])
      : undefined;
    return { configMap, keys: keys && [...new Set(keys)].toSorted() };
  });
}

function fixedUses(uses: readonly { readonly configMap: string; readonly way: FixedWay }[]): FixedUse[] {
  return [...Map.groupBy(uses, ({ configMap }) => configMap)]
    .toSorted(byName)
    .map(([configMap, group]) => ({ configMap, ways: [...new Set(group.map(({ way }) => way))] }));
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
