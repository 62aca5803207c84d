import { expect, test } from "vitest";
import type { WorkloadResult } from "../result.ts";
import { contestant, resultOf } from "../testing/results.ts";
import { compactText } from "./compact.ts";

const run = { figures: { p50: 1.23456, stored: 123_456_789, writes: 0 }, latencies: [1.04, 2.25], note: `a {"id":1` };
const result = resultOf("w1", 1, { "200": [contestant("cr", [run, run])] });

test("figures keep 4 digits, latencies a tenth of a millisecond, and the rest stays", () => {
  const [contestant] = JSON.parse(compactText(result)).cases[0].contestants;
  expect(contestant).toEqual({
    id: "cr",
    name: "cr",
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

test("of a failure the first line is kept, not what the program wrote", () => {
  const failed = resultOf("w1", 1, { "200": [contestant("cr", [{ figures: {}, failure: "it ended:\nfatal" }])] });
  expect(JSON.parse(compactText(failed)).cases[0].contestants[0].runs).toEqual([{ figures: {}, failure: "it ended:" }]);
});
