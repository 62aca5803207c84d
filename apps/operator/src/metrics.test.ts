import { expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";

const none = () => 0;
const nobody = { mirrors: none, pods: none, owned: none, leases: undefined };

/** The lines of the text format that tell values, without those that explain. */
async function values({ registry }: ReturnType<typeof createMetrics>): Promise<string[]> {
  return (await registry.metrics()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

/** Those that are not of a histogram. */
const single = (lines: readonly string[]) => lines.filter((line) => !line.includes("_lag_"));

test("before anything happened the counters without labels are there, at zero", async () => {
  expect(single(await values(createMetrics(nobody)))).toEqual([
    "metadata_mirror_queue_depth 0",
    "metadata_mirror_refresh_waiting 0",
    "metadata_mirror_mirrors_owned 0",
    "metadata_mirror_passes_total 0",
    "metadata_mirror_configmap_writes_total 0",
    "metadata_mirror_configmap_written_bytes_total 0",
    "metadata_mirror_refreshes_total 0",
  ]);
});

test("what happens is counted under its labels", async () => {
  const metrics = createMetrics(nobody);
  metrics.passes.inc();
  metrics.failures.inc({ code: "conflict" });
  metrics.writes.inc(2);
  metrics.writtenBytes.inc(4_096);
  metrics.throttled.inc({ namespace: "shop" });
  metrics.refreshes.inc();
  metrics.refreshRefusals.inc({ namespace: "shop" });
  metrics.faults.inc({ resource: "pods", code: "gone" });
  metrics.leaseFaults.inc({ code: "timeout" });
  expect(single(await values(metrics))).toEqual([
    "metadata_mirror_queue_depth 0",
    "metadata_mirror_refresh_waiting 0",
    "metadata_mirror_mirrors_owned 0",
    "metadata_mirror_passes_total 1",
    'metadata_mirror_pass_failures_total{code="conflict"} 1',
    "metadata_mirror_configmap_writes_total 2",
    "metadata_mirror_configmap_written_bytes_total 4096",
    'metadata_mirror_throttled_total{namespace="shop"} 1',
    "metadata_mirror_refreshes_total 1",
    'metadata_mirror_refresh_refusals_total{namespace="shop"} 1',
    'metadata_mirror_watch_faults_total{resource="pods",code="gone"} 1',
    'metadata_mirror_lease_faults_total{code="timeout"} 1',
  ]);
});

test("who waits is counted when it is asked for", async () => {
  let [mirrors, pods] = [1, 1];
  const metrics = createMetrics({ ...nobody, mirrors: () => mirrors, pods: () => pods });
  [mirrors, pods] = [7, 2_000];
  expect(await values(metrics)).toEqual(
    expect.arrayContaining(["metadata_mirror_queue_depth 7", "metadata_mirror_refresh_waiting 2000"]),
  );
});

test("who shares the mirrors tells how many are its own, and how old the Leases are that say so", async () => {
  const leases = () => ({ shards: 4, unrenewedMs: 2_500 });
  expect(await values(createMetrics({ ...nobody, owned: () => 330, leases }))).toEqual(
    expect.arrayContaining([
      "metadata_mirror_mirrors_owned 330",
      "metadata_mirror_shards_held 4",
      "metadata_mirror_lease_unrenewed_seconds 2.5",
    ]),
  );
});

test("the lag of refreshes is counted by how long it was, a second and less apart", async () => {
  const metrics = createMetrics(nobody);
  for (const seconds of [0.02, 0.7, 40]) metrics.refreshLag.observe(seconds);
  const lines = await values(metrics);
  const count = (le: string) => lines.find((line) => line.includes(`_lag_seconds_bucket{le="${le}"}`))?.split(" ")[1];
  expect(["0.01", "0.025", "0.5", "1", "30", "+Inf"].map(count)).toEqual(["0", "1", "1", "2", "2", "3"]);
});

test("two operators in one process count apart", async () => {
  const [one, other] = [createMetrics(nobody), createMetrics(nobody)];
  one.passes.inc();
  expect(await values(other)).toContain("metadata_mirror_passes_total 0");
});
