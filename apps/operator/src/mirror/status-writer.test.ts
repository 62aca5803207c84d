import { isDeepStrictEqual } from "node:util";
import { type FakeClock, fakeClock, type KubernetesObject } from "@metadata-mirror/api-client";
import { type Finding, type MetadataMirror, metadataMirror, type Outcome } from "@metadata-mirror/metadata-model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createStore } from "../runtime/store.ts";
import { fakeApi } from "../testing/fake-api.ts";
import { mirror, mirrorObject } from "../testing/objects.ts";
import { metadataMirrors } from "./resources.ts";
import { countsEveryMs, createStatusWriter, type StatusMemory, statusPauseMs } from "./status-writer.ts";

const ready: Finding = { type: "Ready", status: "True", reason: "InSync", message: "in sync" };
const conflict: Finding = { type: "Ready", status: "False", reason: "TargetConflict", message: "somebody's" };

/** What a pass found: `peers` peers on one shard, and the findings. */
function outcome(peers: number, findings: readonly Finding[] = [ready], generation = 1): Outcome {
  const counts = { peerCount: peers, shards: [{ name: "web-peers", peers }] };
  return { generation, counts, findings, lastChangeTime: undefined };
}

const ref = { namespace: "shop", name: "web-peers" };

const timesEveryMs = statusPauseMs(ref, "later");

const unwritten = (): StatusMemory => ({ statusWrittenAt: undefined, statusRetryAt: 0, announcedAt: new Map() });

/** The mirror `shop/web-peers` on an API server, as the operator has read it. */
function start() {
  const api = fakeApi();
  const clock = fakeClock(Date.parse("2026-11-23T18:00:00Z"));
  const events: string[] = [];
  const keeps = { isOurs: true };
  const mirrors = createStore<MetadataMirror>({ same: isDeepStrictEqual, onChange: () => undefined });
  const write = createStatusWriter({
    client: api.client,
    clock,
    mirrors,
    isOurs: () => keeps.isOurs,
    announce: async (_, { type, reason, warning }) =>
      void events.push(`${warning ? "Warning" : "Normal"} ${type} ${reason}`),
  });
  api.put(metadataMirrors, mirrorObject());
  mirrors.wrote({ namespace: "shop", name: "web-peers", resourceVersion: "1", object: mirror() });

  const memory = unwritten();
  const tell = (found: Outcome, remembered = memory) =>
    write(mirrors.get("shop", "web-peers") ?? mirror(), found, remembered);
  const stored = () => api.find(metadataMirrors, ref)?.["status"];
  /** Lets the watch tell of the mirror. */
  function show(object: KubernetesObject): void {
    const { resourceVersion = "" } = object.metadata;
    mirrors.apply({ ...ref, resourceVersion, object: metadataMirror(object) });
  }
  return { ...api, clock, events, keeps, mirrors, write, tell, stored, show };
}

test("a mirror that flaps all the time is told of by one Event a minute of each kind", async () => {
  const { tell, events, clock } = start();
  for (let second = 0; second < 600; second++) {
    await tell(outcome(3, [second % 2 === 0 ? conflict : ready]));
    await clock.advance(1_000);
  }
  expect(events.length).toBeLessThanOrEqual(20);
  expect(new Set(events)).toEqual(new Set(["Warning Ready TargetConflict", "Normal Ready InSync"]));
});

test("of a mirror that is another operator's no status is written and no Event told, also where it comes to be while one is written", async () => {
  const { tell, stored, events, keeps, requests } = start();
  keeps.isOurs = false;
  expect(await tell(outcome(3))).toBeUndefined();
  expect([requests, events]).toEqual([[], []]);
  keeps.isOurs = true;
  const told = tell(outcome(3, [conflict]));
  keeps.isOurs = false;
  await told;
  expect([stored(), events]).toEqual([expect.objectContaining({ peerCount: 3 }), []]);
});

const request = "patch metadatamirrors/status shop/web-peers";

describe("a status is written on the mirror that it was made from, and on no other version of it:", () => {
  const stale = "the object has been modified";

  test("one that was deleted and created anew under the name doesn't get the old one's", async () => {
    const { tell, stored, events, put, show } = start();
    const anew = put(metadataMirrors, mirrorObject({ uid: "anew" }));
    await expect(tell(outcome(3, [conflict]))).rejects.toThrow(stale);
    expect([stored(), events]).toEqual([{}, []]);
    show(anew);
    expect(await tell(outcome(0), unwritten())).toBeUndefined();
    expect(stored()).toMatchObject({ peerCount: 0 });
  });

  test("one that the store shows no more is not even asked for: a pass looks at the present one at once", async () => {
    const { write, mirrors, put, show, requests } = start();
    const before = mirrors.get("shop", "web-peers") ?? mirror();
    show(put(metadataMirrors, mirrorObject({ generation: 2 })));
    expect([await write(before, outcome(3), unwritten()), requests]).toEqual([1, []]);
  });

  test("what somebody else changes of it is in its way until the watch has told, and what we wrote ourselves is not", async () => {
    const { tell, find, put, show, clock, stored } = start();
    await tell(outcome(1));
    await tell(outcome(2, [conflict]));
    const written = find(metadataMirrors, ref) ?? mirrorObject();
    const touched = put(metadataMirrors, { ...written, metadata: { ...written.metadata, annotations: { a: "b" } } });
    await expect(tell(outcome(3))).rejects.toThrow(stale);
    show(touched);
    await clock.advance(1_000);
    expect(await tell(outcome(4))).toBeUndefined();
    expect(stored()).toMatchObject({ peerCount: 4 });
  });
});

const away = { code: 503, reason: "ServiceUnavailable", message: "away" };

describe("a status", () => {
  test("is written at once when nothing was said before, and known at once", async () => {
    const { tell, stored, mirrors } = start();
    expect(await tell(outcome(3))).toBeUndefined();
    expect(stored()).toEqual({
      observedGeneration: 1,
      peerCount: 3,
      shardCount: 1,
      shards: [{ name: "web-peers", peers: 3 }],
      conditions: [{ ...ready, observedGeneration: 1, lastTransitionTime: "2026-11-23T18:00:00.000Z" }],
    });
    expect(mirrors.get("shop", "web-peers")?.status).toEqual(stored());
  });

  test("that says what is said already is not written", async () => {
    const { tell, requests, clock } = start();
    await tell(outcome(3));
    await clock.advance(60_000);
    expect(await tell(outcome(3))).toBeUndefined();
    expect(requests).toEqual([request]);
  });

  test("whose counts differ waits until ten seconds after the last one", async () => {
    const { tell, stored, clock } = start();
    await tell(outcome(3));
    await clock.advance(4_000);
    expect(await tell(outcome(4))).toBe(countsEveryMs - 4_000);
    expect(stored()).toMatchObject({ peerCount: 3 });
    await clock.advance(6_000);
    expect(await tell(outcome(5))).toBeUndefined();
    expect(stored()).toMatchObject({ peerCount: 5 });
  });

  test("in which only the time of the last change differs waits for a minute or so, also of a mirror that was another operator's before", async () => {
    const { tell, stored, requests, clock } = start();
    const changedAt = (second: number) => ({ ...outcome(3), lastChangeTime: `2026-11-23T18:00:0${second}Z` });
    await tell(changedAt(1));
    await clock.advance(4_000);
    expect(await tell(changedAt(2))).toBe(timesEveryMs - 4_000);
    expect(await tell(changedAt(3), unwritten())).toBe(timesEveryMs);
    await clock.advance(timesEveryMs - 4_000);
    expect(await tell(changedAt(4))).toBeUndefined();
    expect(stored()).toMatchObject({ lastChangeTime: "2026-11-23T18:00:04Z" });
    expect(requests).toHaveLength(2);
  });

  test("in which only the time of the last change differs is not written in one second for all mirrors that were written in one", () => {
    const pauses = Array.from({ length: 600 }, (_, i) =>
      statusPauseMs({ namespace: "shop", name: `app-${i}` }, "later"),
    );
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(60_000);
    expect(Math.max(...pauses)).toBeLessThan(90_000);
    const inOneSecond = [...Map.groupBy(pauses, (pause) => Math.floor(pause / 1_000)).values()];
    // 20 a second
    expect(Math.max(...inOneSecond.map(({ length }) => length))).toBeLessThan(40);
  });

  test.each([
    ["in which a condition turned", outcome(4, [conflict])],
    ["in which the reason of a condition changed", outcome(4, [{ ...ready, reason: "Throttled" }])],
    ["of another generation", outcome(4, [ready], 2)],
  ])("%s is written at once", async (_, found) => {
    const { tell, stored } = start();
    await tell(outcome(3));
    expect(await tell(found)).toBeUndefined();
    expect(stored()).toMatchObject({ peerCount: 4 });
  });

  test("of a mirror that is gone is no error, and nobody is told of anything", async () => {
    const { tell, end, events } = start();
    end(metadataMirrors, ref);
    expect(await tell(outcome(3, [conflict]))).toBeUndefined();
    expect(events).toEqual([]);
  });

  test.each([
    ["away", away],
    ["in conflict", { code: 409, reason: "Conflict", message: "the object has been modified" }],
  ])(
    "that the API server doesn't take, being %s, is an error, and is tried again a second later, not sooner",
    async (_, refusal) => {
      const { tell, stored, refuse, events, clock, requests } = start();
      refuse(request, refusal);
      await expect(tell(outcome(3, [conflict]))).rejects.toThrow(refusal.message);
      expect([stored(), events]).toEqual([{}, []]);
      refuse(request, undefined);
      await clock.advance(400);
      expect(await tell(outcome(4, [conflict]))).toBe(600);
      expect(requests).toHaveLength(1);
      await clock.advance(600);
      await tell(outcome(3, [conflict]));
      expect(stored()).toMatchObject({ peerCount: 3 });
      expect(events).toEqual(["Warning Ready TargetConflict"]);
    },
  );
});

test("people are told of what turns for the worse and of what is well again, and of nothing else", async () => {
  const { tell, events, clock } = start();
  await tell(outcome(1));
  await tell(outcome(1, [conflict]));
  await tell(outcome(1, [{ ...conflict, message: "somebody else's" }]));
  await clock.advance(countsEveryMs);
  await tell(outcome(2, [conflict]));
  await tell(outcome(2));
  expect(events).toEqual(["Warning Ready TargetConflict", "Normal Ready InSync"]);
});

const happening = fc.record({
  afterMs: fc.integer({ min: 0, max: 8_000 }),
  peers: fc.integer({ min: 0, max: 3 }),
  finding: fc.constantFrom(ready, ready, ready, conflict),
  fails: fc.constantFrom(false, false, false, true),
});

/** Lives for `ms` as a controller does: asks again when it was told to, and soon after an error. */
async function live(ms: number, clock: FakeClock, again: { at: number | undefined }, ask: () => Promise<void>) {
  for (let passed = 0; passed < ms; passed += 500) {
    if (again.at !== undefined && again.at <= clock.monotonic()) await ask();
    await clock.advance(500);
  }
}

test("however fast it changes: the last state is told in the end, and what only counts at most every ten seconds", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 20 }), async (happenings) => {
      const { tell, stored, clock, refuse } = start();
      const again: { at: number | undefined } = { at: undefined };
      const times: { readonly at: number; readonly ready: string }[] = [];
      let found = outcome(0);
      const ask = async () => {
        const before = JSON.stringify(stored());
        const wait = await tell(found).catch(() => 500);
        again.at = wait === undefined ? undefined : clock.monotonic() + wait;
        if (JSON.stringify(stored()) !== before) {
          times.push({ at: clock.monotonic(), ready: found.findings[0]?.reason ?? "" });
        }
      };
      for (const { afterMs, peers, finding, fails } of happenings) {
        await live(afterMs, clock, again, ask);
        refuse(request, fails ? away : undefined);
        found = outcome(peers, [finding]);
        await ask();
      }
      refuse(request, undefined);
      await live(20_000, clock, again, ask);

      expect(stored()).toMatchObject({ peerCount: found.counts?.peerCount, conditions: found.findings });
      for (const [index, { at, ready: reason }] of times.entries()) {
        const last = times[index - 1];
        if (last?.ready === reason) expect(at - last.at).toBeGreaterThanOrEqual(countsEveryMs);
      }
    }),
  );
});
