import { expect, test } from "vitest";
import type { Figures, WorkloadResult } from "../result.ts";
import { contestant, resultOf, turns } from "../testing/results.ts";
import { plotOf } from "./plots.ts";

const named = (id: string, figures: Figures) => contestant(id, turns(figures));
const timed = (id: string, ...latencies: readonly number[]) => contestant(id, [{ figures: {}, latencies }]);
const legend = (result: WorkloadResult) =>
  [...(plotOf(result) ?? "").matchAll(/>([^<>\n]+)<\/text>/g)].map(([, text]) => text);

test("latencies of all rounds are drawn of those that have them, the operator first", () => {
  const twice = { ...timed("cr", 10), runs: [...timed("cr", 10, 20).runs, ...timed("cr", 1_500).runs] };
  const result = resultOf("w1", 2, { "200": [twice, timed("kopf", 9), timed("metadata-mirror", 2, 3)] });
  const texts = legend(result);
  expect(texts).toEqual(expect.arrayContaining(["Metadata Mirror (2)", "controller-runtime (3)", "1 ms", "10 s"]));
  expect(texts.join()).not.toContain("kopf");
});

test("figures are drawn as ratios to controller-runtime, those that all have", () => {
  const own = { seconds: 1, peakRss: 2, ownCpu: 3 };
  const result = resultOf("w3", 1, {
    "5000": [named("cr", own), named("metadata-mirror", own)],
    "10000": [named("cr", own), named("metadata-mirror", own), named("floor", { seconds: 2, peakRss: 4 })],
  });
  expect(legend(result)).toEqual(expect.arrayContaining(["all visible", "peak RSS", "÷ controller-runtime"]));
  expect(legend(result)).not.toContain("own CPU");
});

test("the needle is drawn beside the same without the others", () => {
  const result = resultOf("w5", 1, {
    "200": [named("cr", { rss: 10 }), named("metadata-mirror", { rss: 10 })],
    "20000": [named("cr", { rss: 90 }), named("metadata-mirror", { rss: 11 })],
  });
  expect(legend(result)).toEqual(expect.arrayContaining(["RSS", "Metadata Mirror", "controller-runtime"]));
});

test("one replica and several are drawn together", () => {
  const result = resultOf("w6", 1, { "1": [timed("metadata-mirror", 5)], "3": [timed("metadata-mirror", 6, 7)] });
  expect(legend(result)).toEqual(expect.arrayContaining(["case 1 (1)", "case 3 (2)"]));
});

test("where there is nothing to draw there is no plot", () => {
  const failed = contestant("metadata-mirror", [{ figures: {}, failure: "it ended" }]);
  for (const id of ["w1", "w3", "w5", "w6", "w7", "w8"]) {
    expect(plotOf(resultOf(id, 1, { "200": [failed], "10000": [failed] }))).toBeUndefined();
  }
});
