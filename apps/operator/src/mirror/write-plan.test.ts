import { ApiError, type Clock, fakeClock } from "@metadata-mirror/api-client";
import type { Move } from "@metadata-mirror/metadata-model";
import { describe, expect, test } from "vitest";
import type { Job, Outcome } from "./write.ts";
import { type Gate, writePlan } from "./write-plan.ts";

const written: Outcome = { type: "written", state: undefined };
const gone: Outcome = { type: "gone" };
const fault = ApiError.from(new TypeError("away"));
const failed: Outcome = { type: "failed", fault };
const quota = { reason: "QuotaExceeded" as const, configMap: "web-1", message: "few" };
const refused: Outcome = { type: "refused", problem: quota };

/** A plan that is carried out against `outcomes` of its writes, by their names; what is not said is written. */
function start(outcomes: Readonly<Record<string, Outcome>> = {}, clock: Pick<Clock, "sleep"> = fakeClock()) {
  const tried: string[] = [];
  const undone: string[] = [];
  let underWay = 0;
  const most = { underWay: 0 };
  const job = (name: string, move: Move = "none"): Job => ({
    name,
    move,
    reason: "change",
    bytes: 10,
    async run() {
      tried.push(name);
      most.underWay = Math.max(most.underWay, ++underWay);
      await clock.sleep(tried.length % 3);
      underWay--;
      return outcomes[name] ?? written;
    },
  });
  /** Lets go what isn't `held`, each in the order of its name in `order`. */
  const gate = (held: Readonly<Record<string, number>> = {}, order: readonly string[] = []): Gate => ({
    admit({ name }) {
      const until = held[name];
      return until === undefined ? { type: "admitted", undo: () => void undone.push(name) } : { type: "held", until };
    },
    rank: ({ name }) => order.indexOf(name),
  });
  return { job, gate, tried, undone, most };
}

/** Carries on a clock that goes as fast as anybody sleeps. */
async function finish<T>(clock: ReturnType<typeof fakeClock>, work: Promise<T>): Promise<T> {
  await clock.advance(1_000);
  return work;
}

describe("peers move from one ConfigMap to another without being in neither", () => {
  const clock = fakeClock();
  function moving(outcomes: Readonly<Record<string, Outcome>> = {}) {
    const started = start(outcomes, clock);
    const { job } = started;
    const jobs = [
      job("other"),
      job("giver", "gives"),
      job("taker", "takes"),
      job("giver-2", "gives"),
      job("taker-2", "takes"),
    ];
    return { ...started, jobs };
  }

  test("those that take them are written before those that give them, and then the rest", async () => {
    const { jobs, gate, tried } = moving();
    expect(await finish(clock, writePlan(jobs, gate()))).toMatchObject({ written: 5, bytes: 50, complete: true });
    expect(tried).toEqual(["taker", "taker-2", "giver", "giver-2", "other"]);
  });

  test.each<[string, Outcome]>([
    ["refused", refused],
    ["not taken for now", failed],
    ["gone", gone],
  ])("where one that takes is %s, those that give are not tried, and the rest is", async (_, outcome) => {
    const { jobs, gate, tried } = moving({ "taker-2": outcome });
    expect(await finish(clock, writePlan(jobs, gate()))).toMatchObject({ written: 2, complete: false });
    expect(tried).toEqual(["taker", "taker-2", "other"]);
  });

  test("where one that takes is held back, those that give are not tried either", async () => {
    const { jobs, gate, tried } = moving();
    const writing = await finish(clock, writePlan(jobs, gate({ "taker-2": 7_000 })));
    expect(writing).toMatchObject({ written: 2, heldUntil: 7_000, complete: false });
    expect(tried).toEqual(["taker", "other"]);
    expect(writing.done.map(({ job, outcome }) => `${job.name} ${outcome.type}`)).toEqual([
      "taker written",
      "taker-2 held",
      "giver untried",
      "giver-2 untried",
      "other written",
    ]);
  });

  test("but what takes back what is no longer granted goes even then, after those that take", async () => {
    const { jobs, gate, tried } = moving({ "taker-2": failed });
    const writing = writePlan(jobs, gate(), ({ name }) => name === "giver-2");
    expect(await finish(clock, writing)).toMatchObject({ written: 3, complete: false });
    expect(tried).toEqual(["taker", "taker-2", "giver-2", "other"]);
  });
});

test("what is held back is not written, and the first of it says when to come again", async () => {
  const clock = fakeClock();
  const { job, gate, tried } = start({}, clock);
  const writing = writePlan([job("a"), job("b"), job("c")], gate({ a: 900, c: 300 }));
  expect(await finish(clock, writing)).toMatchObject({ written: 1, bytes: 10, heldUntil: 300, complete: false });
  expect(tried).toEqual(["b"]);
});

test("what was not stored is not charged", async () => {
  const clock = fakeClock();
  const { job, gate, undone } = start({ a: refused, b: failed, c: gone }, clock);
  const writing = await finish(clock, writePlan([job("a"), job("b"), job("c"), job("d")], gate()));
  expect(writing).toMatchObject({ written: 1, problems: [quota], fault });
  expect(undone.toSorted()).toEqual(["a", "b", "c"]);
});

test("those whose turn it is go first", async () => {
  const clock = fakeClock();
  const { job, gate, tried } = start({}, clock);
  await finish(clock, writePlan([job("a"), job("b"), job("c")], gate({}, ["c", "a", "b"])));
  expect(tried).toEqual(["c", "a", "b"]);
});

test("not more than eight ConfigMaps of one mirror are written at once", async () => {
  const clock = fakeClock();
  const { job, gate, most } = start({}, clock);
  const jobs = Array.from({ length: 20 }, (_, index) => job(`web-${index}`));
  expect(await finish(clock, writePlan(jobs, gate()))).toMatchObject({ written: 20 });
  expect(most.underWay).toBe(8);
});
