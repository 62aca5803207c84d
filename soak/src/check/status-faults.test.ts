import { expect, test } from "vitest";
import { configMap, foundMirror, mirror, pod, sightOf, worldOf } from "../testing/objects.ts";
import type { FoundMirror } from "./sight.ts";
import { statusFaults } from "./status-faults.ts";

const { status } = foundMirror();
const conditions = (type: string, value: string, reason: string) => [
  ...(status.conditions ?? []).filter((one) => one.type !== type),
  { type, status: value, reason },
];
const world = worldOf({ mirrors: [mirror()] });
const whats = (given: Partial<FoundMirror>, of = world) =>
  statusFaults(of, sightOf([configMap()], [foundMirror(given)])).map(({ what }) => what);

test("a status that says what is has no faults", () => {
  expect(whats({})).toEqual([]);
});

test.each<[string, Partial<FoundMirror>]>([
  ["observedGeneration is 1, it should be 2", { generation: 2 }],
  ["peerCount is 3, it should be 0", { status: { ...status, peerCount: 3 } }],
  ['shards is [], it should be ["mirror-0"]', { status: { ...status, shards: [] } }],
  ['Ready is "False", it should be "True"', { status: { ...status, conditions: conditions("Ready", "False", "X") } }],
  [
    'Complete is "False", it should be "True"',
    { status: { ...status, conditions: conditions("Complete", "False", "X") } },
  ],
  ['Fresh is "False", it should be "True"', { status: { ...status, conditions: conditions("Fresh", "False", "X") } }],
  [
    'Authorized is "False", it should be "True"',
    { status: { ...status, conditions: conditions("Authorized", "False", "X") } },
  ],
])("%s", (fault, given) => {
  expect(whats(given)).toEqual([`status: ${fault}`]);
});

test("peers are counted", () => {
  expect(whats({}, worldOf({ mirrors: [mirror()], pods: [pod()] }))).toEqual([
    "status: peerCount is 0, it should be 1",
  ]);
});

test("where a ConfigMap of somebody else is the first, it's TargetConflict, and counts are as they may", () => {
  const blocked = worldOf({ mirrors: [mirror()], strangers: [{ namespace: "a", name: "mirror-0", guise: "plain" }] });
  const conflict = conditions("Ready", "False", "TargetConflict");
  expect(whats({ status: { ...status, conditions: conflict, peerCount: 9 } }, blocked)).toEqual([]);
  expect(whats({}, blocked)).toEqual(['status: Ready is "True Well", it should be "False TargetConflict"']);
});
