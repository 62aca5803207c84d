import { expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";

/** The lines of the text format that tell values, without those that explain. */
async function values({ registry }: ReturnType<typeof createMetrics>): Promise<string[]> {
  return (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

test("before anything happened the counters without labels are there, at zero", async () => {
  expect(await values(createMetrics(() => 0))).toEqual([
    "metadata_mirror_queue_depth 0",
    "metadata_mirror_passes_total 0",
    "metadata_mirror_configmap_writes_total 0",
    "metadata_mirror_configmap_written_bytes_total 0",
  ]);
});

test("what happens is counted under its labels", async () => {
  const metrics = createMetrics(() => 0);
  metrics.passes.inc();
  metrics.failures.inc({ code: "conflict" });
  metrics.writes.inc(2);
  metrics.writtenBytes.inc(4_096);
  metrics.throttled.inc({ namespace: "shop" });
  metrics.faults.inc({ resource: "pods", code: "gone" });
  metrics.lastContact.set({ resource: "pods", scope: "" }, 1_700_000_000.5);
  expect(await values(metrics)).toEqual([
    "metadata_mirror_queue_depth 0",
    "metadata_mirror_passes_total 1",
    'metadata_mirror_pass_failures_total{code="conflict"} 1',
    "metadata_mirror_configmap_writes_total 2",
    "metadata_mirror_configmap_written_bytes_total 4096",
    'metadata_mirror_throttled_total{namespace="shop"} 1',
    'metadata_mirror_watch_faults_total{resource="pods",code="gone"} 1',
    'metadata_mirror_watch_last_contact_timestamp_seconds{resource="pods",scope=""} 1700000000.5',
  ]);
});

test("the depth of the queue is what it is when it is asked for", async () => {
  let depth = 1;
  const metrics = createMetrics(() => depth);
  depth = 7;
  expect(await values(metrics)).toContain("metadata_mirror_queue_depth 7");
});

test("two operators in one process count apart", async () => {
  const [one, other] = [createMetrics(() => 0), createMetrics(() => 0)];
  one.passes.inc();
  expect(await values(other)).toContain("metadata_mirror_passes_total 0");
});
