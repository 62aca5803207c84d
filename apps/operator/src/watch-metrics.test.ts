import { Registry } from "prom-client";
import { expect, test } from "vitest";
import type { Stream } from "./runtime/freshness.ts";
import { createWatchMetrics } from "./watch-metrics.ts";

const pods: Stream = {
  resource: "pods",
  scope: "shop",
  ageMs: 2_500,
  boundMs: 150_000,
  lastContact: 1_700_000_000_500,
  isOpen: true,
  isLate: false,
  staleFault: undefined,
};
const name = "metadata_mirror_";

function start(streams: Stream[], untils: Readonly<Record<string, number | undefined>> = {}) {
  const registry = new Registry();
  const metrics = createWatchMetrics(registry, {
    streams: () => streams,
    mirrors: () => Object.entries(untils).map(([mirror, until]) => ({ namespace: "shop", name: mirror, until })),
    stale: () => 3,
  });
  const lines = async () => {
    const text = await registry.metrics();
    return text
      .split("\n")
      .filter((line) => line.startsWith(name))
      .map((line) => line.slice(name.length));
  };
  return { metrics, lines };
}

test("each watch tells when it last proved to follow, how long ago that is, and how long it may be", async () => {
  const { lines } = start([pods]);
  expect(await lines()).toEqual([
    'watch_last_contact_timestamp_seconds{resource="pods",scope="shop"} 1700000000.5',
    'watch_contact_age_seconds{resource="pods",scope="shop"} 2.5',
    'watch_contact_bound_seconds{resource="pods",scope="shop"} 150',
    'watches_open{resource="pods"} 1',
    "mirrors_stale 3",
  ]);
});

test("one that never did has an age all the same, and is not open", async () => {
  const { lines } = start([{ ...pods, lastContact: undefined, isOpen: false }]);
  expect((await lines()).slice(0, 3)).toEqual([
    'watch_contact_age_seconds{resource="pods",scope="shop"} 2.5',
    'watch_contact_bound_seconds{resource="pods",scope="shop"} 150',
    'watches_open{resource="pods"} 0',
  ]);
});

test("of two of one resource and scope the one that is behind is told; those that ended are told no longer", async () => {
  const streams = [pods, { ...pods, ageMs: 90_000 }, { ...pods, ageMs: 4_000 }, { ...pods, scope: "office" }];
  const { lines } = start(streams);
  const ages = async () => (await lines()).filter((line) => line.includes("_age_"));
  expect(await ages()).toEqual([
    'watch_contact_age_seconds{resource="pods",scope="shop"} 90',
    'watch_contact_age_seconds{resource="pods",scope="office"} 2.5',
  ]);
  expect(await lines()).toContain('watches_open{resource="pods"} 4');
  streams.splice(0, 3);
  expect(await ages()).toEqual(['watch_contact_age_seconds{resource="pods",scope="office"} 2.5']);
});

test("each mirror tells until when it equalled the truth, if that is known", async () => {
  const { lines } = start([], { web: 1_700_000_000_000, "new-one": undefined });
  expect(await lines()).toEqual([
    'mirror_fresh_timestamp_seconds{namespace="shop",mirror="web"} 1700000000',
    "mirrors_stale 3",
  ]);
});

test("relists are counted by their reason", async () => {
  const { metrics, lines } = start([]);
  metrics.relists.inc({ resource: "pods", reason: "gone" });
  metrics.relists.inc({ resource: "pods", reason: "gone" });
  expect(await lines()).toContain('watch_relists_total{resource="pods",reason="gone"} 2');
});
