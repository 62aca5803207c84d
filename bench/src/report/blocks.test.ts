import { expect, test } from "vitest";
import { contestant, resultOf, turns } from "../testing/results.ts";
import { blocksOf } from "./blocks.ts";

const cr = contestant("cr", turns({ p50: 10, p99: 20 }, { p50: 12, p99: 20 }));
const own = contestant("metadata-mirror", turns({ p50: 4, p99: 15 }, { p50: 6, p99: 18 }));
const slow = { ...contestant("kopf", turns({ p50: 100 })), name: "kopf" };
const before = { ...contestant("operator-1", turns({ p50: 8, p99: 30 }, { p50: 8, p99: 36 })), name: "before" };
const result = resultOf("w1", 2, { "200": [cr, own, slow, before] });
const blocks = blocksOf([result]);

test("a workload has a table of medians with their spread, and of ratios", () => {
  const rows = [
    "| case 200 | p50, ms | p99, ms |",
    "| --- | ---: | ---: |",
    "| cr | 11.0 (10.0–12.0) | 20.0 |",
    "| metadata-mirror | 5.0 (4.0–6.0) | 16.5 (15.0–18.0) |",
    "| kopf | 100.0 | – |",
    "| ÷ cr |  |  |",
    "| metadata-mirror | 0.45 × | 0.82 × |",
    "| kopf | 10.00 × | – |",
  ];
  expect(blocks.get("w1")).toContain(rows.join("\n"));
});

test("it says who took fewer turns, and how and on what it was measured", () => {
  expect(blocks.get("w1")).toContain("\n- kopf: measured in one round only\n");
  expect(blocks.get("w1")).toContain(
    "`npx -y pnpm@12 bench run w1 --write-docs`, 2 rounds, on 2 cores (a processor), 8 GiB of memory, kube-apiserver 1.35.4, Node.js 24.0.0.",
  );
});

test("the goals are judged, and counted", () => {
  const idle = contestant("metadata-mirror", turns({ corePercent: 0.25 }));
  const goals = blocksOf([result, resultOf("w7", 1, { "200": [idle] })]).get("goals");
  expect(goals).toMatch(/^2 of 5 goals are met\.\n/);
  expect(goals).toContain("| w1 p50, ms | ≤ 0.5 × controller-runtime | 0.450 × | met |");
  // what limits a goal is told with it; that something is written where nothing changed must not be, so nothing is told of it
  expect(goals).toMatch(
    /\n\nWhat limits the others:\n- w1 p99, ms: .+\n- w7 writes, nothing changed: not known yet\.\n/,
  );
});

test("another build is left out of the workload's table, and has one of its own", () => {
  expect(blocks.get("w1")).not.toContain("before");
  expect(blocks.get("builds")).toBe(
    [
      "| w1, case 200 | before | metadata-mirror | ÷ before |",
      "| --- | ---: | ---: | ---: |",
      "| p50, ms | 8.0 | 5.0 (4.0–6.0) | 0.63 × |",
      "| p99, ms | 33.0 (30.0–36.0) | 16.5 (15.0–18.0) | 0.50 × |",
    ].join("\n"),
  );
});

test("what is not measured yet is said to be so", () => {
  const none = blocksOf([]);
  expect([...none.keys()]).toEqual(["goals", "w1", "w2", "w3", "w4", "w5", "w6", "w7", "w8", "builds"]);
  expect(new Set(none.values())).toEqual(new Set(["Not measured yet."]));
});
