import { expect, test } from "vitest";
import { addCounters, parseCounters } from "./counters.ts";

const text = `# HELP metadata_mirror_watch_relists_total Lists.
# TYPE metadata_mirror_watch_relists_total counter
metadata_mirror_watch_relists_total{resource="pods",reason="gone"} 2
metadata_mirror_watch_relists_total{resource="nodes",reason="timeout"} 1
metadata_mirror_configmap_writes_total 1.2e+3
metadata_mirror_queue_depth 7
nodejs_total 9
`;

test("counters of the operator are summed over their labels", () => {
  expect(parseCounters(text)).toEqual({ watch_relists: 3, configmap_writes: 1_200 });
});

test("counters of several processes are added", () => {
  expect(addCounters([{ a: 1, b: 2 }, { b: 3 }])).toEqual({ a: 1, b: 5 });
});
