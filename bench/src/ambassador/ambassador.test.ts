import { expect, test } from "vitest";
import { describe, type LevelResult, missed } from "./ambassador.ts";
import { summarise } from "./summary.ts";

function result(p50: number, p99: number, throughput: number): LevelResult {
  const summary = summarise([{ p50, p99, throughput }]);
  return { connections: 16, contestants: { ambassador: summary }, ratio: summary };
}

test("goals are met at their bounds, and missed beyond", () => {
  expect(missed([result(1.25, 1.25, 0.8), result(0.5, 0.5, 2)])).toEqual([]);
  expect(missed([result(1.26, 1.3, 0.79)])).toEqual([
    "p50 at 16 at once is 1.26 × kubectl proxy's, not 1.25",
    "p99 at 16 at once is 1.30 × kubectl proxy's, not 1.25",
    "throughput at 16 at once is 0.79 × kubectl proxy's, not 0.8",
  ]);
});

test("figures come as a table with their spread", () => {
  expect(describe([result(1, 2, 3)])).toBe(
    [
      "16 at once",
      "                                     p50, µs           p99, µs        requests/s",
      "ambassador                           1 (1–1)           2 (2–2)           3 (3–3)",
      "ambassador ÷ kubectl proxy  1.00 (1.00–1.00)  2.00 (2.00–2.00)  3.00 (3.00–3.00)",
      "",
    ].join("\n"),
  );
});
