import { systemClock } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { measureFreshness } from "../src/freshness/freshness.ts";
import { missed } from "../src/freshness/report.ts";
import { host, useScene } from "./scene.ts";

const scene = useScene("fresh");

// what else the machine does for a moment is in it, but a slow operator is slow twice
const onceMore = { retry: 1 };

test(
  "with Immediate, 29 of 30 changes of a peer are in the file of a running consumer within a second",
  onceMore,
  async () => {
    const surroundings = { host, client: scene.client, clock: systemClock, report: () => undefined };
    const result = await measureFreshness(surroundings, { changes: 30, burst: 0, kubeletSync: 0, seed: 2 });
    expect(result.immediate).toHaveLength(30);
    // of so few the 99th percentile is the slowest alone, and one change comes when its pod was told of the last a moment ago
    const immediate = result.immediate.toSorted((a, b) => a - b).slice(0, -1);
    expect(missed({ ...result, immediate })).toBeUndefined();
  },
);
