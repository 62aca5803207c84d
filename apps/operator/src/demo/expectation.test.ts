import { expect, test } from "vitest";
import type { ExpectedPeer } from "./cast.ts";
import { type ConfigMap, differences, type Expectation, ownerFaults } from "./expectation.ts";

const peer = (name: string): ExpectedPeer => ({
  name,
  files: { podName: name, labels: "" },
  json: `{"podName":"${name}"}`,
});
const document = (...lines: string[]) =>
  `{"apiVersion":"metadatamirror.dev/v1alpha1","kind":"PeerList","peers":[${lines.map((line) => `\n${line}`).join(",")}\n]}\n`;
const files = (name: string) => ({ [`${name}_podName`]: name, [`${name}_labels`]: "" });
const mirror = {
  apiVersion: "metadatamirror.dev/v1alpha1",
  kind: "MetadataMirror",
  name: "web-peers",
  uid: "u-1",
  controller: true,
};
const configMap = (data: ConfigMap["data"]): ConfigMap => ({ data, owners: [mirror] });

const one: Expectation = { peers: [peer("a"), peer("b")], configMaps: 1 };
const right = {
  ...files("a"),
  ...files("b"),
  "peers.json": document('{"_id":"x-_4567890","podName":"a"}', '{"_id":"b234567890","podName":"b"}'),
};

test("a ConfigMap with exactly the expected bytes differs in nothing", () => {
  expect(differences(one, new Map([["web-peers", configMap(right)]]))).toEqual([]);
});

test("without peers a ConfigMap holds the empty document alone", () => {
  const empty: Expectation = { peers: [], configMaps: 1 };
  expect(differences(empty, new Map([["web-peers", configMap({ "peers.json": document() })]]))).toEqual([]);
});

test.each([
  { what: "another value", data: { ...right, b_labels: "x" }, said: 'web-peers b_labels: expected "", there is "x"' },
  { what: "one key more", data: { ...right, c: "" }, said: 'web-peers c: expected nothing, there is ""' },
])("$what is told", ({ data, said }) => {
  expect(differences(one, new Map([["web-peers", configMap(data)]]))).toEqual([said]);
});

test("a peer of a document with an id that is none is told", () => {
  const data = { ...right, "peers.json": document('{"_id":"short","podName":"a"}', '{"podName":"b"}') };
  expect(differences(one, new Map([["web-peers", configMap(data)]]))).toHaveLength(1);
});

test("a missing key is told", () => {
  const data = { ...files("b"), a_podName: "a", "peers.json": right["peers.json"] };
  expect(differences(one, new Map([["web-peers", configMap(data)]]))).toEqual([
    'web-peers a_labels: expected "", there is nothing',
  ]);
});

test("a missing ConfigMap is told, and one too many", () => {
  const there = new Map([["web-peers-1", configMap(right)]]);
  expect(differences(one, there)).toEqual([
    "web-peers-1: expected no such ConfigMap",
    "web-peers: expected, but there is no such ConfigMap",
  ]);
});

const two: Expectation = { ...one, configMaps: 2 };
const first = { ...files("b"), "peers.json": document('{"podName":"b"}') };
const second = { ...files("a"), "peers-1.json": document('{"podName":"a"}') };

test("a peer may be in any of the ConfigMaps", () => {
  const there = new Map([
    ["web-peers", configMap(first)],
    ["web-peers-1", configMap(second)],
  ]);
  expect(differences(two, there)).toEqual([]);
});

test("a peer in two ConfigMaps, or a file away from its document, is told", () => {
  const twice = new Map([
    ["web-peers", configMap(first)],
    ["web-peers-1", configMap({ ...second, ...files("b") })],
  ]);
  expect(differences(two, twice)).toEqual([
    'web-peers-1 b_podName: expected nothing, there is "b"',
    'web-peers-1 b_labels: expected nothing, there is ""',
  ]);
});

test("long values are told shortly", () => {
  const long = { ...right, "peers.json": "x".repeat(10_000) };
  const [line = ""] = differences(one, new Map([["web-peers", configMap(long)]]));
  expect(line).toContain("(10000 characters)");
  expect(line.length).toBeLessThan(400);
});

test("the mirror is the one owner", () => {
  expect(ownerFaults(new Map([["web-peers", configMap(right)]]), "u-1")).toEqual([]);
});

test.each([
  { what: "no owner", owners: [] },
  { what: "a former mirror of the same name", owners: [{ ...mirror, uid: "u-0" }] },
  { what: "an owner that is no controller", owners: [{ ...mirror, controller: false }] },
  { what: "a second owner", owners: [mirror, { ...mirror, uid: "u-2", controller: false }] },
])("$what is told", ({ owners }) => {
  const faults = ownerFaults(new Map([["web-peers", { data: right, owners }]]), "u-1");
  expect(faults).toEqual([expect.stringContaining("web-peers: expected the mirror (uid u-1) as its one owner")]);
});
