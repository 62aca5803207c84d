import { type FakeClock, fakeClock } from "@metadata-mirror/api-client";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createFreshness, graceMs, livenessSlackMs } from "./freshness.ts";

const boundMs = 150_000;
const refused = { message: "nothing listens there", status: undefined };
const forbidden = { message: "pods is forbidden", status: 403 };

/** Streams of pods in the namespace shop and of nodes, both opened and told something. */
function start() {
  const clock: FakeClock = fakeClock(Date.parse("2026-11-30T01:00:00Z"));
  const turns: string[] = [];
  const freshness = createFreshness({
    clock,
    onTurn: ({ resource, scope, staleFault }, turn) => turns.push([turn, resource, scope, staleFault ?? ""].join(" ")),
  });
  const begin = (resource: string, scope: string) => {
    const report = freshness.begin(resource, scope);
    report.contact("reply", boundMs);
    report.contact("event", boundMs);
    return report;
  };
  const [pods, nodes] = [begin("pods", "shop"), begin("nodes", "")];
  const podStream = () => freshness.of("pods", "shop")[0] ?? expect.fail("there is no stream of pods");
  return { clock, turns, freshness, pods, nodes, podStream };
}

test("the age of a stream is counted from the last that it proved, whatever the time of day does", async () => {
  const { clock, pods, podStream } = start();
  await clock.advance(20_000);
  expect(podStream()).toMatchObject({ ageMs: 20_000, boundMs, lastContact: clock.now() - 20_000, isOpen: true });
  pods.contact("bookmark", 60_000);
  expect(podStream()).toMatchObject({ ageMs: 0, boundMs: 60_000, lastContact: clock.now() });
});

test("a stream that never proved anything is as old as it is, and has no time to tell", async () => {
  const { clock, freshness } = start();
  freshness.begin("pods", "office").fault(refused, 1_000);
  await clock.advance(7_000);
  expect(freshness.of("pods", "office")).toMatchObject([{ ageMs: 7_000, lastContact: undefined, isOpen: false }]);
});

test("a stream that is opened again has proved that it follows, but not where the one before brought nothing", async () => {
  const { clock, pods, podStream } = start();
  await clock.advance(100_000);
  pods.fault(refused, 1_000);
  pods.contact("reply", boundMs);
  expect(podStream().ageMs).toBe(0);
  await clock.advance(100_000);
  pods.contact("reply", boundMs);
  expect(podStream().ageMs).toBe(100_000);
  pods.contact("page", boundMs);
  expect(podStream().ageMs).toBe(0);
});

test("a state that is not whole yet proves nothing, however much of it comes, but that nothing is stuck", async () => {
  const { clock, freshness, pods, nodes, podStream, turns } = start();
  nodes.end();
  for (let tries = 0; tries < 4; tries++) {
    await clock.advance(60_000);
    pods.contact("part", boundMs);
    pods.fault({ message: "the list was cut", status: undefined }, 1_000);
  }
  expect(podStream()).toMatchObject({ ageMs: 240_000, staleFault: "the list was cut" });
  expect([turns, freshness.stalled()]).toEqual([["stale pods shop the list was cut"], undefined]);
  pods.contact("part", boundMs);
  pods.contact("page", boundMs);
  expect(podStream()).toMatchObject({ ageMs: 0, staleFault: undefined });
});

test("those of all namespaces tell of each, those of one of that one, and those that ended of none", () => {
  const { freshness, pods } = start();
  const all = freshness.begin("pods", "");
  const scopes = (namespace: string) => freshness.of("pods", namespace).map(({ scope }) => scope);
  expect([scopes("shop"), scopes("office"), scopes("")]).toEqual([["", "shop"], [""], [""]]);
  all.end();
  pods.end();
  expect([scopes("shop"), freshness.streams().map(({ resource }) => resource)]).toEqual([[], ["nodes"]]);
});

test("all that tell of a namespace have told up to when the one had that is behind; one that told nothing yet doesn't count", async () => {
  const { clock, freshness, pods } = start();
  const began = clock.now();
  const all = freshness.begin("pods", "");
  expect([freshness.toldUntil("pods", "shop"), freshness.toldUntil("pods", "office")]).toEqual([began, undefined]);
  await clock.advance(1_000);
  all.contact("page", boundMs);
  await clock.advance(1_000);
  expect([freshness.toldUntil("pods", "shop"), freshness.toldUntil("pods", "office")]).toEqual([began, began + 1_000]);
  pods.contact("event", boundMs);
  expect(freshness.toldUntil("pods", "shop")).toBe(began + 1_000);
});

test("a stream turns stale at a fault past its bound, once, while another is answered, and fresh with what it proves next", async () => {
  const { clock, turns, pods, nodes, podStream } = start();
  await clock.advance(boundMs);
  pods.fault({ message: "it went silent", status: undefined }, 1_000);
  // it may be well again at once, as the stream of a server that sends no bookmarks
  await clock.advance(graceMs);
  nodes.contact("bookmark", boundMs);
  pods.fault(refused, 1_000);
  expect([turns, podStream().staleFault]).toEqual([[], undefined]);
  await clock.advance(1);
  expect(podStream().isLate).toBe(true);
  for (let tries = 0; tries < 3; tries++) pods.fault(refused, 1_000);
  expect(turns).toEqual(["stale pods shop nothing listens there"]);
  pods.fault(forbidden, 1_000);
  expect(podStream().staleFault).toBe("nothing listens there");
  pods.contact("reply", boundMs);
  expect(turns.slice(1)).toEqual(["fresh pods shop "]);
  expect(podStream()).toMatchObject({ staleFault: undefined, isLate: false });
});

test("of an API server that is away for all of them none turns stale, and none when it is back", async () => {
  const { clock, turns, pods, nodes } = start();
  for (let tries = 0; tries < 20; tries++) {
    await clock.advance(30_000);
    pods.fault(refused, 30_000);
    nodes.fault(refused, 30_000);
  }
  nodes.contact("reply", boundMs);
  pods.contact("reply", boundMs);
  expect(turns).toEqual([]);
});

test("one that stays away when the API server is back for others turns stale then", async () => {
  const { clock, turns, pods, nodes } = start();
  pods.fault(refused, 30_000);
  await clock.advance(boundMs + graceMs + 1);
  nodes.contact("reply", boundMs);
  pods.fault(refused, 30_000);
  expect(turns).toEqual(["stale pods shop nothing listens there"]);
});

test("one that is refused turns stale: whoever refuses is there", async () => {
  const { clock, turns, pods } = start();
  for (let tries = 0; tries < 6; tries++) {
    await clock.advance(30_000);
    pods.fault(forbidden, 30_000);
  }
  expect(turns).toEqual(["stale pods shop pods is forbidden"]);
});

test("a stale stream that nobody needs any more is told to have ended, and one that isn't stale is not", async () => {
  const { clock, turns, pods, nodes } = start();
  await clock.advance(boundMs + graceMs + 1);
  pods.fault(forbidden, 1_000);
  await clock.advance(1);
  pods.fault(forbidden, 1_000);
  pods.end();
  nodes.end();
  expect(turns.map((words) => words.split(" ")[0])).toEqual(["stale", "ended"]);
});

test("of several that fail the fault of the one is told that does so for the longest time, until it proves something", async () => {
  const { clock, freshness, pods, nodes } = start();
  expect(freshness.fault()).toBeUndefined();
  pods.fault(refused, 1_000);
  await clock.advance(1_000);
  nodes.fault({ message: "it went silent", status: undefined }, 1_000);
  pods.fault(forbidden, 1_000);
  expect(freshness.fault()).toBe("pods is forbidden");
  pods.contact("page", boundMs);
  expect(freshness.fault()).toBe("it went silent");
  nodes.end();
  expect(freshness.fault()).toBeUndefined();
});

test("nothing is stalled up to the bound, the longest back-off and what a request takes; past them it's told what, since when and why", async () => {
  const { clock, freshness, pods, nodes } = start();
  await clock.advance(boundMs + livenessSlackMs);
  expect(freshness.stalled()).toBeUndefined();
  nodes.contact("bookmark", boundMs);
  pods.fault(refused, 1_000);
  await clock.advance(1_000);
  expect(freshness.stalled()).toBe(
    "the watch of pods in namespace shop has had no answer for 211 s, since 2026-11-30T01:00:00.000Z; last fault: nothing listens there; a restart connects anew; if that doesn't help, see that the API server can be reached from here",
  );
  pods.contact("reply", boundMs);
  expect(freshness.stalled()).toBeUndefined();
});

test("a stream that has told nothing but faults stalls, one that is refused never does, though it's stale", async () => {
  const { clock, freshness, pods, nodes, podStream } = start();
  for (let tries = 0; tries < 10; tries++) {
    await clock.advance(30_000);
    pods.fault(forbidden, 30_000);
    nodes.fault(refused, 30_000);
  }
  expect(podStream().isLate).toBe(true);
  expect(freshness.stalled()).toContain("the watch of nodes has had no answer for 300 s");
});

test("a stream that is opened again and again, and brings nothing, is late, but nothing is stuck", async () => {
  const { clock, freshness, turns, pods, nodes, podStream } = start();
  nodes.end();
  for (let tries = 0; tries < 4; tries++) {
    await clock.advance(boundMs);
    pods.fault({ message: "it went silent", status: undefined }, 1_000);
    pods.contact("reply", boundMs);
  }
  expect(podStream().isLate).toBe(true);
  expect(turns).toEqual(["stale pods shop it went silent"]);
  expect(freshness.stalled()).toBeUndefined();
});

test("a server that asks us to wait for five minutes is waited for", async () => {
  const { clock, freshness, pods } = start();
  const busy = { message: "too many requests", status: 429 };
  freshness.streams();
  pods.fault(busy, 300_000);
  await clock.advance(300_000);
  expect(freshness.stalled()).toContain("nodes");
  const alone = start();
  alone.nodes.end();
  alone.pods.fault(busy, 300_000);
  await alone.clock.advance(300_000 + livenessSlackMs);
  expect(alone.freshness.stalled()).toBeUndefined();
  await alone.clock.advance(1);
  expect(alone.freshness.stalled()).toContain("too many requests");
});

const step = fc.record({
  waitMs: fc.integer({ min: 0, max: 60_000 }),
  which: fc.constantFrom("pods" as const, "nodes" as const),
  what: fc.constantFrom(
    "event" as const,
    "bookmark" as const,
    "page" as const,
    "part" as const,
    "reply" as const,
    "refused" as const,
    "forbidden" as const,
  ),
});

test("whatever streams tell, each turns stale and fresh in turns, only past its bound, and one that is answered is never stalled", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { clock, turns, freshness, pods, nodes } = start();
      const reports = { pods, nodes };
      const answered = { pods: 0, nodes: 0 };
      const turnsOf = (resource: string) =>
        turns
          .map((words) => words.split(" "))
          .flatMap(([kind, of]) => (of === resource && kind !== undefined ? [kind] : []));
      for (const { waitMs, which, what } of steps) {
        await clock.advance(waitMs);
        if (what === "refused") reports[which].fault(refused, 1_000);
        else if (what === "forbidden") reports[which].fault(forbidden, 1_000);
        else reports[which].contact(what, boundMs);
        if (what !== "refused") answered[which] = clock.monotonic();
        const unanswered = clock.monotonic() - Math.min(answered.pods, answered.nodes);
        expect(freshness.stalled() !== undefined).toBe(unanswered > boundMs + livenessSlackMs);
        for (const { resource, staleFault, isLate, ageMs } of freshness.streams()) {
          expect(turnsOf(resource).at(-1) ?? "fresh").toBe(staleFault === undefined ? "fresh" : "stale");
          expect(isLate).toBe(ageMs > boundMs + graceMs);
          if (staleFault !== undefined) expect(isLate).toBe(true);
        }
      }
      for (const resource of ["pods", "nodes"])
        turnsOf(resource).forEach((kind, index) => expect(kind).toBe(index % 2 === 0 ? "stale" : "fresh"));
    }),
  );
});
