import process from "node:process";
import { expect, test } from "vitest";
import manifest from "../package.json" with { type: "json" };
import { createMetrics } from "./metrics.ts";
import { nothing } from "./testing/present.ts";

/** The lines of the text format that tell values, without those that explain. */
async function values({ registry }: ReturnType<typeof createMetrics>): Promise<string[]> {
  return (await registry.metrics()).split("\n").filter((line) => line.startsWith("metadata_mirror_"));
}

/** Those that are not of a histogram. */
const single = (lines: readonly string[]) => lines.filter((line) => !/_(lag|propagation)_/.test(line));

const build = `metadata_mirror_build_info{version="${manifest.version}"} 1`;
const writes = (reason: string, count: number) => `metadata_mirror_configmap_writes_total{reason="${reason}"} ${count}`;

test("before anything happened the counters without labels are there, at zero, and each reason of a write", async () => {
  expect(single(await values(createMetrics(nothing)))).toEqual([
    build,
    "metadata_mirror_queue_depth 0",
    "metadata_mirror_queue_oldest_seconds 0",
    "metadata_mirror_coalesced_changes_total 0",
    "metadata_mirror_refresh_waiting 0",
    "metadata_mirror_mirrors_owned 0",
    "metadata_mirror_passes_total 0",
    ...["create", "change", "move", "repair", "remove"].map((reason) => writes(reason, 0)),
    "metadata_mirror_configmap_written_bytes_total 0",
    "metadata_mirror_refreshes_total 0",
    "metadata_mirror_events_created_total 0",
    "metadata_mirror_events_dropped_total 0",
  ]);
});

test("what happens is counted under its labels", async () => {
  const metrics = createMetrics(nothing);
  metrics.passes.inc();
  metrics.failures.inc({ code: "conflict" });
  metrics.writes.add({ change: 2, repair: 1 });
  metrics.writtenBytes.inc(4_096);
  metrics.throttled.inc({ namespace: "shop" });
  metrics.refreshes.inc();
  metrics.refreshRefusals.inc({ namespace: "shop" });
  metrics.faults.inc({ resource: "pods", code: "gone" });
  metrics.leaseFaults.inc({ code: "timeout" });
  metrics.eventsCreated.inc();
  metrics.eventsDropped.inc(2);
  expect(single(await values(metrics))).toEqual([
    build,
    "metadata_mirror_queue_depth 0",
    "metadata_mirror_queue_oldest_seconds 0",
    "metadata_mirror_coalesced_changes_total 0",
    "metadata_mirror_refresh_waiting 0",
    "metadata_mirror_mirrors_owned 0",
    "metadata_mirror_passes_total 1",
    'metadata_mirror_pass_failures_total{code="conflict"} 1',
    writes("create", 0),
    writes("change", 2),
    writes("move", 0),
    writes("repair", 1),
    writes("remove", 0),
    "metadata_mirror_configmap_written_bytes_total 4096",
    'metadata_mirror_throttled_total{namespace="shop"} 1',
    "metadata_mirror_refreshes_total 1",
    'metadata_mirror_refresh_refusals_total{namespace="shop"} 1',
    'metadata_mirror_watch_faults_total{resource="pods",code="gone"} 1',
    'metadata_mirror_lease_faults_total{code="timeout"} 1',
    "metadata_mirror_events_created_total 1",
    "metadata_mirror_events_dropped_total 2",
  ]);
});

test("who waits is counted when it is asked for", async () => {
  let [mirrors, oldest, joined, pods] = [1, 1, 1, 1];
  const present = { mirrors: () => mirrors, oldestMs: () => oldest, coalesced: () => joined, pods: () => pods };
  const metrics = createMetrics({ ...nothing, ...present });
  [mirrors, oldest, joined, pods] = [7, 2_500, 31, 2_000];
  const told = [
    "metadata_mirror_queue_depth 7",
    "metadata_mirror_queue_oldest_seconds 2.5",
    "metadata_mirror_coalesced_changes_total 31",
    "metadata_mirror_refresh_waiting 2000",
  ];
  expect(await values(metrics)).toEqual(expect.arrayContaining(told));
  // asked again it is no more
  expect(await values(metrics)).toEqual(expect.arrayContaining(told));
});

test("who shares the mirrors tells how many are its own, and how old the Leases are that say so", async () => {
  const leases = () => ({ of: 12, shards: 4, unrenewedMs: 2_500 });
  expect(await values(createMetrics({ ...nothing, owned: () => 330, leases }))).toEqual(
    expect.arrayContaining([
      "metadata_mirror_mirrors_owned 330",
      "metadata_mirror_shards 12",
      "metadata_mirror_shards_held 4",
      "metadata_mirror_lease_unrenewed_seconds 2.5",
    ]),
  );
});

test("the lag of refreshes is counted by how long it was, a second and less apart", async () => {
  const metrics = createMetrics(nothing);
  for (const seconds of [0.02, 0.7, 40]) metrics.refreshLag.observe(seconds);
  const lines = await values(metrics);
  const count = (le: string) => lines.find((line) => line.includes(`_lag_seconds_bucket{le="${le}"}`))?.split(" ")[1];
  expect(["0.01", "0.025", "0.5", "1", "30", "+Inf"].map(count)).toEqual(["0", "1", "1", "2", "2", "3"]);
});

test("processor, memory and files of the process are told by their usual names", async () => {
  const text = await createMetrics(nothing).registry.metrics();
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);
  const { rss } = process.memoryUsage();
  expect(value("process_resident_memory_bytes")).toBeGreaterThan(rss / 2);
  expect(value("process_resident_memory_bytes")).toBeLessThan(rss * 2);
  expect(Math.abs(value("process_start_time_seconds") - performance.timeOrigin / 1000)).toBeLessThan(60);
  for (const name of ["process_cpu_seconds_total", "process_open_fds", "nodejs_heap_size_used_bytes"])
    expect(value(name)).toBeGreaterThanOrEqual(0);
});

test("two operators in one process count apart", async () => {
  const [one, other] = [createMetrics(nothing), createMetrics(nothing)];
  one.passes.inc();
  expect(await values(other)).toContain("metadata_mirror_passes_total 0");
});
