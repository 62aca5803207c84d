import { expect, test } from "vitest";
import { configMap, mirror, pod, sightOf, worldOf } from "../testing/objects.ts";
import type { FoundConfigMap } from "./sight.ts";
import { contentFaults } from "./content-faults.ts";

const two = [pod(), pod({ name: "pod-1" })];
const files = { "pod-0_podName": "pod-0", "pod-1_podName": "pod-1" };
const world = worldOf({ pods: two, mirrors: [mirror()] });

const whats = (configMaps: readonly FoundConfigMap[], of = world) =>
  contentFaults(of, sightOf(configMaps), new Map()).map(({ what }) => what);

test("what is as it should be has no faults", () => {
  expect(whats([configMap({ data: files })])).toEqual([]);
});

test("it may be spread over ConfigMaps", () => {
  const [first, second] = Object.entries(files).map((entry) => Object.fromEntries([entry]));
  const spread = [configMap({ data: first ?? {} }), configMap({ name: "mirror-0-1", data: second ?? {} })];
  expect(whats(spread)).toEqual([]);
});

test.each<[string, Partial<FoundConfigMap>, string]>([
  [
    "a value that is missing",
    { data: { "pod-0_podName": "pod-0" } },
    'Files: pod-1_podName is missing, it should be "pod-1"',
  ],
  [
    "a value that is wrong",
    { data: { ...files, "pod-0_podName": "other" } },
    'Files: pod-0_podName is "other", it should be "pod-0"',
  ],
  ["a value too many", { data: { ...files, x_podName: "x" } }, 'Files: x_podName is there, "x", and should not be'],
  [
    "a document that nobody asked for",
    { data: { ...files, "by-hand.txt": "" } },
    "mirror-0 has a document by-hand.txt, which it shouldn't",
  ],
  ["binary data", { data: files, binaryKeys: ["b"] }, "mirror-0 has binary data b"],
  ["another label", { data: files, label: "x" }, 'mirror-0 has the label of the mirror "x"'],
])("%s is a fault", (_, given, fault) => {
  expect(whats([configMap(given)])).toEqual([fault]);
});

test("a ConfigMap that isn't there is a fault", () => {
  expect(whats([], worldOf({ mirrors: [mirror()] }))).toEqual(["its ConfigMap mirror-0 is not there"]);
});

test("a peer in two ConfigMaps is a fault", () => {
  const both = [configMap({ data: files }), configMap({ name: "mirror-0-1", data: { "pod-1_podName": "pod-1" } })];
  expect(whats(both)).toEqual(["key pod-1_podName is in several ConfigMaps"]);
});

test("more peers than a ConfigMap may have are a fault", () => {
  const small = worldOf({ pods: two, mirrors: [mirror({ peersPerShard: 1 })] });
  expect(whats([configMap({ data: files })], small)).toEqual(["mirror-0 has 2 peers, and may have 1"]);
});

test("unless there is a ConfigMap of somebody else where others are to go", () => {
  const stranger = { namespace: "a", name: "mirror-0-1", guise: "plain" } as const;
  const blocked = worldOf({ pods: two, mirrors: [mirror({ peersPerShard: 1 })], strangers: [stranger] });
  const theirs = configMap({ name: "mirror-0-1", controller: undefined, label: "" });
  const sight = sightOf([configMap({ data: files }), theirs]);
  expect(contentFaults(blocked, sight, new Map([["a/mirror-0-1", "7"]]))).toEqual([]);
});

test("a document that is missing is a fault, also where it has no peers", () => {
  const documents = worldOf({ mirrors: [mirror({ formats: ["JSON"] })] });
  expect(whats([configMap()], documents)).toEqual(["mirror-0 has no document peers.json"]);
});

test("JSON is compared by its peers, whatever their order and their ids, none of which is there twice", () => {
  const json = worldOf({ pods: two, mirrors: [mirror({ formats: ["JSON"] })] });
  const list = (...peers: readonly object[]) => ({ "peers.json": JSON.stringify({ peers }) });
  const peer = (index: number, _id: string) => ({ _id, podName: `pod-${index}` });
  expect(whats([configMap({ data: list(peer(1, "y"), peer(0, "x")) })], json)).toEqual([]);
  expect(whats([configMap({ data: list(peer(1, "x"), peer(0, "x")) })], json)).toEqual([
    "the peer with _id x is in several ConfigMaps",
  ]);
  expect(whats([configMap({ data: { "peers.json": "{" } })], json)).toHaveLength(2);
});

test("where a ConfigMap of somebody else is in the way, peers may be missing, but none may be wrong", () => {
  const stranger = { namespace: "a", name: "mirror-0", guise: "plain" } as const;
  const blocked = worldOf({ pods: two, mirrors: [mirror()], strangers: [stranger] });
  const theirs = configMap({ controller: undefined, label: "" });
  const own = (data: Record<string, string>) => configMap({ name: "mirror-0-1", data });
  const faults = (data: Record<string, string>, version: string) =>
    contentFaults(blocked, sightOf([theirs, own(data)]), new Map([["a/mirror-0", version]])).map(({ what }) => what);
  expect(faults({ "pod-0_podName": "pod-0" }, "7")).toEqual([]);
  expect(faults({ "pod-0_podName": "other" }, "7")).toEqual(['Files: pod-0_podName is "other", it should be "pod-0"']);
  expect(faults({}, "6")).toEqual(["it was written, and holds {}"]);
  expect(contentFaults(blocked, sightOf([]), new Map()).map(({ what }) => what)).toEqual(["it is gone"]);
});

test("a ConfigMap of a mirror that is gone, and a mirror that isn't there, are faults", () => {
  const left = configMap({ controller: { kind: "MetadataMirror", uid: "uid-9" } });
  const sight = sightOf([left], []);
  expect(contentFaults(world, sight, new Map())).toEqual([
    { object: "mirror a/mirror-0", what: "it is not there" },
    { object: "ConfigMap a/mirror-0", what: "it is of no mirror that there is" },
  ]);
});
