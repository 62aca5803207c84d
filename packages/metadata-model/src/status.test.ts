import { describe, expect, test } from "vitest";
import { states, storedByHand } from "../test/fake-api-server.ts";
import { mirror } from "../test/objects.ts";
import type { Condition, Finding } from "./condition.ts";
import type { MetadataMirrorStatus } from "./metadata-mirror.ts";
import { ownerReference } from "./ownership.ts";
import { nextStatus, type Outcome, standingCounts, statusUrgency, type StatusUrgency, turns } from "./status.ts";

const before = "2026-11-23T18:00:00Z";
const now = "2026-11-23T19:00:00Z";

const ready: Finding = { type: "Ready", status: "True", reason: "InSync", message: "all is well" };
const conflict: Finding = { type: "Ready", status: "False", reason: "TargetConflict", message: "someone else's" };
const condition = (finding: Finding): Condition => ({ ...finding, observedGeneration: 1, lastTransitionTime: before });

const known: MetadataMirrorStatus = {
  observedGeneration: 1,
  peerCount: 2,
  shardCount: 1,
  shards: [{ name: "web-peers", peers: 2 }],
  lastChangeTime: before,
  conditions: [condition(ready)],
};
const outcome: Outcome = {
  generation: 1,
  counts: { peerCount: 2, shards: [{ name: "web-peers", peers: 2 }] },
  findings: [ready],
  lastChangeTime: undefined,
};

describe("the status after a pass", () => {
  test("is the same where the pass found nothing new", () => {
    expect(nextStatus(known, outcome, now)).toEqual(known);
  });

  test("holds what the pass counted, wrote and found", () => {
    const shards = [
      { name: "web-peers", peers: 2 },
      { name: "web-peers-1", peers: 1 },
    ];
    const found = { ...outcome, generation: 2, counts: { peerCount: 3, shards }, lastChangeTime: now };
    expect(nextStatus({}, found, now)).toEqual({
      observedGeneration: 2,
      peerCount: 3,
      shardCount: 2,
      shards,
      lastChangeTime: now,
      conditions: [{ ...ready, observedGeneration: 2, lastTransitionTime: now }],
    });
  });

  test("keeps the counts of before where the pass could not count", () => {
    expect(nextStatus(known, { ...outcome, counts: undefined }, now)).toEqual(known);
  });

  test("has no time of a change before there was one", () => {
    expect(nextStatus({}, outcome, now)).not.toHaveProperty("lastChangeTime");
  });
});

describe("what the ConfigMaps hold as they stand", () => {
  const of = mirror();
  const stored = (name: string, placement: string, uid = of.uid) => ({
    metadata: {
      namespace: "shop",
      name,
      annotations: { "metadatamirror.dev/placement": placement },
      ownerReferences: [ownerReference({ name: of.name, uid })],
    },
  });
  const count = (...all: ReturnType<typeof stored>[]) => standingCounts(of, states(storedByHand(...all)));

  test("is counted by their placement, and a peer on its way from one to the other is one", () => {
    const shards = [
      { name: "web-peers", peers: 2 },
      { name: "web-peers-1", peers: 2 },
    ];
    const counts = count(stored("web-peers-1", "b c"), stored("web-peers", "a b"));
    expect(counts).toEqual({ peerCount: 3, shards });
  });

  test("counts the first one though it is empty, and no other that is", () => {
    const counts = { peerCount: 0, shards: [{ name: "web-peers", peers: 0 }] };
    expect(count(stored("web-peers", ""), stored("web-peers-1", ""))).toEqual(counts);
    expect(count()).toEqual({ peerCount: 0, shards: [] });
  });

  test("counts none that is somebody else's, whatever it says", () => {
    expect(count(stored("web-peers", "a b", "other"), stored("web-peers-extra", "c"))).toEqual({
      peerCount: 0,
      shards: [],
    });
  });

  test("is not known of documents of all peers, which have no placement", () => {
    const formats = [{ type: "Template" as const, key: "hosts", template: { source: "x" } }];
    expect(
      standingCounts(mirror({ output: { formats } }), states(storedByHand(stored("web-peers", "")))),
    ).toBeUndefined();
  });
});

describe("a status is written", () => {
  test.each<[string, MetadataMirrorStatus, StatusUrgency]>([
    ["never where it is the same", known, "never"],
    ["never for the order of its fields", Object.fromEntries(Object.entries(known).toReversed()), "never"],
    ["now where a condition turned", { ...known, conditions: [condition(conflict)] }, "now"],
    ["now where a reason is another", { ...known, conditions: [condition({ ...ready, reason: "Throttled" })] }, "now"],
    [
      "now where a condition is new",
      { ...known, conditions: [...(known.conditions ?? []), condition(conflict)] },
      "now",
    ],
    ["now where the generation is another", { ...known, observedGeneration: 2 }, "now"],
    [
      "soon where only a message differs",
      { ...known, conditions: [condition({ ...ready, message: "still" })] },
      "soon",
    ],
    ["soon where only the count differs", { ...known, peerCount: 3 }, "soon"],
    ["soon where only the shards differ", { ...known, shards: [{ name: "web-peers", peers: 3 }] }, "soon"],
    [
      "now where there is another shard",
      { ...known, shards: [...(known.shards ?? []), { name: "b", peers: 0 }] },
      "now",
    ],
    ["soon where there is one less", { ...known, shards: [] }, "soon"],
    ["later where only the time of the last change differs", { ...known, lastChangeTime: now }, "later"],
  ])("%s", (_, after, urgency) => {
    expect(statusUrgency(known, after)).toBe(urgency);
  });
});

describe("an Event is worth", () => {
  const told = (old: Finding | undefined, found: Finding) =>
    turns({ conditions: old === undefined ? [] : [condition(old)] }, [found]).map(({ reason, warning }) => [
      reason,
      warning,
    ]);
  const progressing: Finding = { ...ready, status: "Unknown", reason: "Progressing" };
  const stalled: Finding = { ...conflict, type: "Stalled", status: "True" };

  test.each<[string, Finding | undefined, Finding]>([
    ["what turned for the worse", ready, conflict],
    ["what is bad from the start", undefined, conflict],
    ["what is bad for another reason", { ...conflict, reason: "QuotaExceeded" }, conflict],
    ["what isn't well when it's True", undefined, stalled],
  ])("a warning: %s", (_, old, found) => {
    expect(told(old, found)).toEqual([["TargetConflict", true]]);
  });

  test("that it is well again, and that is no warning", () => {
    expect(told(conflict, ready)).toEqual([["InSync", false]]);
  });

  test.each<[string, Finding | undefined, Finding]>([
    ["what was said before", conflict, { ...conflict, message: "in other words" }],
    ["what is well from the start", undefined, ready],
    ["what is well after it wasn't known", progressing, ready],
    ["what isn't known yet", undefined, progressing],
    ["what is well for another reason", ready, { ...ready, reason: "Throttled" }],
  ])("nothing: %s", (_, old, found) => {
    expect(told(old, found)).toEqual([]);
  });
});
