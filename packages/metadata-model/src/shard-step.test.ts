import { describe, expect, test } from "vitest";
import { digest, mirror } from "../test/objects.ts";
import { renderedPeer } from "../test/rendered-peer.ts";
import { type ConfigMapState, configMapState } from "./config-map.ts";
import { configMapManifest } from "./diff.ts";
import type { RenderedPeer } from "./render/peer.ts";
import { shardRenderer } from "./render/shard.ts";
import type { WholeDocument } from "./render/whole-document.ts";
import { shardStepper } from "./shard-step.ts";
import { valueOf } from "./render/value.ts";

const of = mirror();
const render = shardRenderer({ aggregates: [], fragmentsOf: () => [], digest, keeps: true, isSharded: true });
const documents: readonly WholeDocument[] = [];
const peer = (id: string) => renderedPeer(id, { files: new Map([[`${id}_ip`, valueOf("10.0.0.1", digest)]]) });
const [a, b] = [peer("a"), peer("b")];

/** The ConfigMap of shard `index` as we made it of `peers`, but for what `change` says of its metadata and of itself. */
function stored(
  index: number,
  peers: readonly RenderedPeer[],
  metadata: object = {},
  change: object = {},
): ConfigMapState {
  const name = index === 0 ? "web-peers" : `web-peers-${index}`;
  const manifest = configMapManifest("shop", name, of, render(index, { peers, documents }));
  const raw = {
    ...manifest,
    metadata: { ...manifest.metadata, uid: "c1", resourceVersion: "7", ...metadata },
    ...change,
  };
  return configMapState(raw, digest);
}

const orphaned = { ownerReferences: [] };
const foreign = { ownerReferences: [], labels: {} };
const leaving = { deletionTimestamp: "2026-11-23T18:00:00Z" };

/** What is done about shard `index` where `peers` belong and `found` stands. */
function step(index: number, peers: readonly RenderedPeer[], found: ConfigMapState | undefined, mounted = false) {
  return shardStepper(of, render)(
    { index, peers, documents, found, move: "takes" },
    { mounted: () => mounted, isBlocked: () => false },
  );
}

describe("the first shard", () => {
  test("is created, without peers too", () => {
    expect(step(0, [], undefined)).toMatchObject({ do: "create", name: "web-peers", body: { data: {} } });
  });

  test("is emptied and stays when its peers have gone, mounted or not", () => {
    expect(step(0, [], stored(0, [a]))).toMatchObject({ do: "patch", body: { data: { a_ip: null } } });
    expect(step(0, [], stored(0, []))).toEqual({ do: "nothing" });
  });
});

describe("a further shard", () => {
  test("is created when peers belong there, and not before", () => {
    expect(step(1, [a], undefined)).toMatchObject({ do: "create", name: "web-peers-1" });
    expect(step(1, [], undefined)).toEqual({ do: "nothing" });
  });

  test("is removed when its peers have gone, if it is still the one that was seen", () => {
    const removal = { do: "remove", name: "web-peers-1", uid: "c1", resourceVersion: "7", move: "takes" };
    expect(step(1, [], stored(1, [a]))).toEqual(removal);
    expect(step(1, [], stored(1, [a], orphaned))).toEqual(removal);
    expect(step(1, [], stored(1, [a], {}, { immutable: true }))).toEqual(removal);
  });

  test("is emptied only, and stays, while a pod mounts it", () => {
    expect(step(1, [], stored(1, [a]), true)).toMatchObject({ do: "patch", body: { data: { a_ip: null } } });
    expect(step(1, [], stored(1, []), true)).toEqual({ do: "nothing" });
  });
});

describe("a shard that is there", () => {
  test("is left alone when it is right", () => {
    expect(step(0, [a], stored(0, [a]))).toEqual({ do: "nothing" });
    expect(step(0, [a], stored(0, [a], {}, { immutable: true }))).toEqual({ do: "nothing" });
  });

  test("is patched when it isn't, and then holds what belongs there", () => {
    const taken = step(0, [a], stored(0, [a], {}, { data: { a_ip: "by hand" } }));
    expect(taken).toMatchObject({ do: "patch", body: { data: { a_ip: "10.0.0.1" } }, move: "takes" });
    expect(taken).toHaveProperty("data", render(0, { peers: [a], documents }));
  });

  test("is taken over when it has lost its owner", () => {
    expect(step(0, [a], stored(0, [a], orphaned))).toMatchObject({
      do: "patch",
      body: { metadata: { ownerReferences: [{}] } },
    });
  });
});

describe("a ConfigMap that can't be written is reported", () => {
  test.each([
    ["someone else's", stored(1, [], foreign), "TargetConflict"],
    ["one that is being deleted", stored(1, [a], leaving), "TargetLeaving"],
    ["an immutable one that isn't right", stored(1, [], {}, { immutable: true }), "TargetImmutable"],
  ])("%s", (_, found, reason) => {
    expect(step(1, [a], found)).toMatchObject({ do: "report", problem: { reason, configMap: "web-peers-1" } });
  });

  test.each([
    ["someone else's", foreign],
    ["one that is being deleted", leaving],
  ])("but %s isn't where nothing is to be written there", (_, metadata) => {
    expect(step(1, [], stored(1, [a], metadata))).toEqual({ do: "nothing" });
  });
});

test("a ConfigMap that was right isn't compared again, and one that has changed since is", () => {
  const once = shardStepper(of, render);
  const shard = { index: 0, peers: [a], documents, found: stored(0, [a]), move: "none" } as const;
  const world = { mounted: () => false, isBlocked: () => false };
  expect(once(shard, world)).toEqual({ do: "nothing" });
  expect(once(shard, world)).toEqual({ do: "nothing" });
  expect(once({ ...shard, found: stored(0, []) }, world)).toMatchObject({ do: "patch" });
  expect(once({ ...shard, peers: [a, b] }, world)).toMatchObject({ do: "patch" });
});

test("a ConfigMap that is blocked is left alone, whatever should be done about it", () => {
  const blocked = { mounted: () => false, isBlocked: (name: string) => name === "web-peers-1" };
  const stepper = shardStepper(of, render);
  for (const found of [undefined, stored(1, [])]) {
    expect(stepper({ index: 1, peers: [a], documents, found, move: "none" }, blocked)).toEqual({ do: "nothing" });
    expect(stepper({ index: 2, peers: [a], documents, found: undefined, move: "none" }, blocked)).toMatchObject({
      do: "create",
    });
  }
});
