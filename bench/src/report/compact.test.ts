import { expect, test } from "vitest";
import type { WorkloadResult } from "../result.ts";
import { compactText } from "./compact.ts";

const machine = { cores: 2, processor: "p", memory: 1, node: "24.0.0", kubernetes: "1.35.4" };
const run = { figures: { p50: 1.23456, stored: 123_456_789, writes: 0 }, latencies: [1.04, 2.25], note: `a {"id":1` };
const result: WorkloadResult = {
  id: "w1",
  rounds: 1,
  machine,
  cases: [{ id: "200", title: "200 pods", contestants: [{ id: "cr", name: "controller-runtime", runs: [run, run] }] }],
};

test("figures keep 4 digits, latencies a tenth of a millisecond, and the rest stays", () => {
  const [contestant] = JSON.parse(compactText(result)).cases[0].contestants;
  expect(contestant).toEqual({
    id: "cr",
    name: "controller-runtime",
    runs: Array(2).fill({
      figures: { p50: 1.235, stored: 123_500_000, writes: 0 },
      latencies: [1, 2.3],
      note: `a {"id":1`,
    }),
  });
});

test("there is a line for the result, each case, each contestant and each turn", () => {
  expect(compactText(result).trimEnd().split("\n")).toHaveLength(5);
});

test("what was read back gives the same bytes", () => {
  const once = compactText(result);
  expect(compactText(JSON.parse(once) as WorkloadResult)).toBe(once);
});
