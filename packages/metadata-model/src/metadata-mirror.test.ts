import { describe, expect, test } from "vitest";
import { metadataMirror } from "./metadata-mirror.ts";

const metadata = { name: "web-peers", namespace: "shop", uid: "0d7c", generation: 3, managedFields: [] };
const spec = {
  peers: { selector: { matchLabels: { app: "web" } } },
  items: [{ path: "podIP", fieldRef: { fieldPath: "status.podIP" } }],
};

test("a mirror that says only who and what has the defaults of the API server", () => {
  expect(metadataMirror({ metadata, spec })).toEqual({
    name: "web-peers",
    namespace: "shop",
    uid: "0d7c",
    generation: 3,
    terminating: false,
    spec: {
      peers: { ...spec.peers, include: "Running" },
      items: spec.items,
      output: { peersPerShard: 100, maxShardSize: "256Ki", maxShards: 64, formats: [{ type: "Files" }] },
      consumers: { refreshPolicy: "KubeletSync" },
    },
    problem: undefined,
    status: {},
  });
});

test("what was set stays as it is, and fields of a later version are dropped", () => {
  const output = { configMapName: "peers", peersPerShard: 5, maxShardSize: 65536, maxShards: 2 };
  const read = metadataMirror({ metadata, spec: { ...spec, output: { ...output, colour: "red" } } });
  expect(read.spec?.output).toEqual({ ...output, formats: [{ type: "Files" }] });
});

describe("a spec that the schema doesn't take is a problem that names the field:", () => {
  const bad = { path: "_x", fieldRef: { fieldPath: "status.podIP" } };
  test.each<[string, unknown, string]>([
    ["none", undefined, "spec: Invalid input: expected object, received undefined"],
    ["no items", { peers: spec.peers }, "spec.items: Invalid input: expected array, received undefined"],
    ["a bad path", { ...spec, items: [...spec.items, bad] }, "spec.items[1].path: Invalid string"],
    [
      "two mistakes",
      { ...spec, items: [], peers: {} },
      "spec.peers.selector: Invalid input: expected object, received undefined; spec.items: Too small",
    ],
  ])("%s", (_, given, message) => {
    const read = metadataMirror({ metadata, spec: given });
    expect(read).toMatchObject({ name: "web-peers", spec: undefined });
    expect(read.problem).toContain(message);
  });
});

test("a status is read as it was written", () => {
  const status = { observedGeneration: 3, peerCount: 41, shardCount: 1, shards: [{ name: "web-peers", peers: 41 }] };
  expect(metadataMirror({ metadata, spec, status }).status).toEqual(status);
});

test("a status that isn't ours counts as empty", () => {
  expect(metadataMirror({ metadata, spec, status: { conditions: "none" } }).status).toEqual({});
});

test.each([undefined, null, {}, { metadata: { name: "web-peers" }, spec }])(
  "%j is no object of an API server",
  (raw) => {
    expect(() => metadataMirror(raw)).toThrow("expected");
  },
);
