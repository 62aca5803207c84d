import { expect, test } from "vitest";
import { promqlNames } from "./promql-names.ts";

test.each([
  [
    'sum by (job, code) (increase(a_total{code!~"b|c", d="e f"}[10m])) > 10',
    ["a_total"],
    ["code", "d", "job", "code"],
    ["job", "code"],
  ],
  ["changes(a[30m]) > 2 and on (job) b", ["a", "b"], ["job"], undefined],
  ["histogram_quantile(0.99, sum by (le) (rate(a_bucket[$__rate_interval])))", ["a_bucket"], ["le"], ["le"]],
  ['count(a{job=~"$job"} > b) or vector(0)', ["a", "b"], ["job"], undefined],
  ["topk(10, time() - a)", ["a"], [], undefined],
])("%s", (expression, metrics, labels, kept) => {
  expect(promqlNames(expression)).toEqual({ metrics, labels, kept });
});
