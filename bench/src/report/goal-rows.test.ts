import { expect, test } from "vitest";
import type { Goal } from "../goals.ts";
import { goalRows } from "./goal-rows.ts";

test.each<[Goal, number | undefined, boolean, readonly string[]]>([
  [
    { workload: "w1", case: "200", figure: "p50", against: { contestant: "cr" }, bound: { atMost: 0.5 } },
    0.4321,
    true,
    ["w1 p50, ms", "≤ 0.5 × controller-runtime", "0.432 ×", "met"],
  ],
  [
    { workload: "w5", case: "20000", figure: "rss", against: { case: "200" }, bound: { atMost: 1.15 } },
    1.2,
    false,
    ["w5 RSS, MiB, 20,000 pods", "≤ 1.15 × with 200 pods", "1.200 ×", "missed"],
  ],
  [
    { workload: "w6", case: "3", figure: "mirrorsLeast", bound: { atLeast: 800 / 3 } },
    300,
    true,
    ["w6 mirrors, least, 3 replicas", "≥ 266.7", "300", "met"],
  ],
  [
    { workload: "w7", case: "200", figure: "rss", bound: { atMost: 75e6 } },
    undefined,
    false,
    ["w7 RSS, MiB", "≤ 71.5", "failed", "missed"],
  ],
])("a goal is told in the unit of its figure: %j", (goal, value, met, cells) => {
  expect(goalRows([{ goal, value, met }])).toEqual([cells]);
});
