import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { systemClock } from "@metadata-mirror/api-client";
import { expect, onTestFinished, test } from "vitest";
import { limits } from "../src/limits/limits.ts";
import { describeLimits } from "../src/limits/text.ts";

const second = 1_000;

test("after a minute in which thousands of pods, and mirrors and namespaces, come and go, the operator's heap is what it was", {
  // on a machine that is too busy it tells nothing
  timeout: 15 * 60 * second,
  retry: 1,
}, async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), "metadata-mirror-limits-"));
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const outcome = await limits({
    mirrors: 200,
    pods: 1_000,
    seed: 8,
    perSecond: 60,
    warmUpMs: 40 * second,
    forMs: 60 * second,
    // what is kept of a pod is three times as much
    mostKept: 700,
    operator: undefined,
    host: {
      env: process.env,
      node: process.execPath,
      directory: directory.path,
      clock: systemClock,
      report: () => undefined,
      signal: stop.signal,
    },
  });
  expect(outcome.faults, describeLimits(outcome)).toEqual([]);
  expect(outcome.gone).toBeGreaterThan(500);
  expect(outcome.counters["configmap_writes"]).toBeGreaterThan(500);
});
