import { systemClock } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { measureFreshness } from "../src/freshness/freshness.ts";
import { missed } from "../src/freshness/report.ts";
import { host, useScene } from "./scene.ts";

const scene = useScene("fresh");

// of 30, the 99th percentile is the worst: what else the machine did for that moment is in it. A slow operator is slow twice.
const onceMore = { retry: 1 };

test("with Immediate, a peer's change is in the file of a running consumer within a second", onceMore, async () => {
  const surroundings = { host, client: scene.client, clock: systemClock, report: () => undefined };
  const result = await measureFreshness(surroundings, { changes: 30, burst: 0, kubeletSync: 0, seed: 2 });
  expect(result.immediate).toHaveLength(30);
  expect(missed(result)).toBeUndefined();
});
