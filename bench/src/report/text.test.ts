import { expect, test } from "vitest";
import { contestant, resultOf, turns } from "../testing/results.ts";
import { describeGoals, describeWorkload } from "./text.ts";

const cr = contestant("cr", turns({ p50: 10 }));
const own = contestant("metadata-mirror", [{ figures: { p50: 4 }, beyond: ["p50"], note: "one was late" }]);
const load = contestant("load", turns({ serversCpu: 1 }));
const result = resultOf("w1", 1, { "200": [cr, own, load] });

test("a case is a table of what was measured, of ratios, and of what has to be said", () => {
  expect(describeWorkload(result, "trickle").split("\n")).toEqual([
    "w1: trickle",
    "case 200",
    "                 p50, ms  servers' CPU, s",
    "cr                  10.0                –",
    "metadata-mirror    > 4.0                –",
    "load                   –             1.00",
    "÷ cr                                     ",
    "metadata-mirror   0.40 ×                –",
    "  metadata-mirror: one was late",
    "",
  ]);
});

test("goals are a table, and nothing where there are none", () => {
  const goal = { workload: "w7", case: "200", figure: "corePercent", bound: { atMost: 0.5 } } as const;
  expect(describeGoals([{ goal, value: 0.25, met: true }])).toBe(
    "goal             wanted  measured     \nw7 of a core, %   ≤ 0.5      0.25  met\n",
  );
  expect(describeGoals([])).toBe("");
});
