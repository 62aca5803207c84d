import { expect, test } from "vitest";
import { type Goal, goals, judge } from "./goals.ts";
import type { ContestantResult } from "./result.ts";
import { contestant, resultOf, turns } from "./testing/results.ts";
import { workloads } from "./workloads/workloads.ts";

const w1 = (cases: Readonly<Record<string, readonly ContestantResult[]>>) => resultOf("w1", 3, cases);
const figure = "p50";
const absolute: Goal = { workload: "w1", case: "200", figure, bound: { atMost: 10 } };
const relative: Goal = { ...absolute, against: { contestant: "cr" }, bound: { atMost: 0.5 } };
const ours = (...given: readonly number[]) => contestant("metadata-mirror", turns(...given.map((p50) => ({ p50 }))));

test.each([
  [[9, 10, 30], 10, true],
  [[9, 10.1, 30], 10.1, false],
])("of %j the median counts", (values, value, met) => {
  expect(judge(w1({ "200": [ours(...values)] }), [absolute])).toEqual([{ goal: absolute, value, met }]);
});

test("a bound may be the least", () => {
  const goal: Goal = { ...absolute, bound: { atLeast: 10 } };
  const met = [9, 10, 11].map((value) => judge(w1({ "200": [ours(value)] }), [goal])[0]?.met);
  expect(met).toEqual([false, true, true]);
});

test("a ratio is to the figure of the same round", () => {
  const cr = contestant("cr", turns({ p50: 10 }, { p50: 100 }, { p50: 20 }));
  const [verdict] = judge(w1({ "200": [cr, ours(4, 60, 8)] }), [relative]);
  expect(verdict).toEqual({ goal: relative, value: 0.4, met: true });
});

test("a ratio may be to the operator's own figure in another case", () => {
  const goal: Goal = { ...absolute, case: "20000", against: { case: "200" }, bound: { atMost: 1.15 } };
  const result = w1({ "200": [ours(10)], "20000": [ours(12)] });
  expect(judge(result, [goal])).toEqual([{ goal, value: 1.2, met: false }]);
});

test("what can't be told from the result is left out: another workload or case, and one to compare with", () => {
  const result = w1({ "200": [ours(1), contestant("cr", [{ figures: {}, failure: "it ended" }])] });
  const others: readonly Goal[] = [{ ...absolute, workload: "w2" }, { ...absolute, case: "100" }, relative];
  expect(judge(result, others)).toEqual([]);
  expect(judge(w1({ "200": [] }), [absolute])).toEqual([]);
});

test("a turn that failed or ran into a deadline misses the goal", () => {
  const failed = [...turns({ p50: 1 }, { p50: 1 }), { figures: {}, failure: "it ended" }];
  const cut = [...turns({ p50: 1 }), { figures: { p50: 5 }, beyond: [figure] } as const];
  const verdicts = [failed, cut].map(
    (runs) => judge(w1({ "200": [contestant("metadata-mirror", runs)] }), [absolute])[0],
  );
  expect(verdicts).toEqual([
    { goal: absolute, value: 1, met: false },
    { goal: absolute, value: 3, met: false },
  ]);
});

test("where all turns failed there is no figure, and the goal is missed", () => {
  const runs = [{ figures: {}, failure: "it ended" }];
  const [verdict] = judge(w1({ "200": [contestant("metadata-mirror", runs)] }), [absolute]);
  expect(verdict).toEqual({ goal: absolute, value: undefined, met: false });
});

test("each workload has goals, and each goal a workload", () => {
  const named = new Set(goals.map(({ workload }) => workload));
  expect([...named]).toEqual(workloads.map(({ id }) => id));
});
