import type { FoundConfigMap, FoundMirror, Sight } from "../check/sight.ts";
import type { Grant } from "../world/grant.ts";
import type { Mirror } from "../world/mirror.ts";
import type { Pod } from "../world/pod.ts";
import type { Stranger } from "../world/stranger.ts";
import { emptyWorld, keyOf, type World } from "../world/world.ts";

/** A running pod of namespace `a`, but for what is told. */
export function pod(given: Partial<Pod> = {}): Pod {
  return {
    namespace: "a",
    name: "pod-0",
    labels: { app: "web" },
    note: "noted",
    node: "node-0",
    phase: "Running",
    ready: true,
    ip: "10.0.0.1",
    cpuRequest: 100,
    cpuLimit: undefined,
    terminating: false,
    ...given,
  };
}

/** A mirror of namespace `a` that shows the names of all running pods there as files, but for what is told. */
export function mirror(given: Partial<Mirror> = {}): Mirror {
  return {
    namespace: "a",
    name: "mirror-0",
    configMap: "mirror-0",
    selector: [],
    include: "Running",
    namespaces: undefined,
    items: ["podName"],
    formats: ["Files"],
    peersPerShard: 10,
    ...given,
  };
}

/** A grant of namespace `b` to `a` of what the mirror above asks for, but for what is told. */
export function grant(given: Partial<Grant> = {}): Grant {
  const fields = ["metadata.name", "status.phase"];
  return { namespace: "b", name: "grant-0", from: ["a"], selector: [], fields, ...given };
}

interface Inhabitants {
  readonly pods?: readonly Pod[];
  readonly mirrors?: readonly Mirror[];
  readonly grants?: readonly Grant[];
  readonly strangers?: readonly Stranger[];
}

/** A world of these, with `node-0`. */
export function worldOf({ pods = [], mirrors = [], grants = [], strangers = [] }: Inhabitants): World {
  const byKey = <T extends { namespace: string; name: string }>(all: readonly T[]) =>
    new Map(all.map((one) => [keyOf(one), one]));
  return {
    ...emptyWorld(["node-0"]),
    pods: byKey(pods),
    mirrors: byKey(mirrors),
    grants: byKey(grants),
    strangers: byKey(strangers),
  };
}

/** The mirror above as it was found, of the UID `uid-0`, all well with it and no peers, but for what is told. */
export function foundMirror(given: Partial<FoundMirror> = {}): FoundMirror {
  const condition = (type: string) => ({ type, status: "True", reason: "Well" });
  const conditions = ["Ready", "Authorized", "Complete", "Fresh"].map(condition);
  const status = { observedGeneration: 1, peerCount: 0, shards: [{ name: "mirror-0", peers: 0 }], conditions };
  const name = "mirror-0";
  return { namespace: "a", name, uid: "uid-0", generation: 1, configMap: name, status, ...given };
}

/** The first ConfigMap of that mirror, with nothing in it, but for what is told. */
export function configMap(given: Partial<FoundConfigMap> = {}): FoundConfigMap {
  return {
    namespace: "a",
    name: "mirror-0",
    uid: "uid-1",
    resourceVersion: "7",
    label: "mirror-0",
    controller: { kind: "MetadataMirror", uid: "uid-0" },
    data: {},
    binaryKeys: [],
    ...given,
  };
}

/** A sight of that mirror and of ConfigMaps. */
export function sightOf(configMaps: readonly FoundConfigMap[], mirrors = [foundMirror()]): Sight {
  return { configMaps, mirrors };
}
