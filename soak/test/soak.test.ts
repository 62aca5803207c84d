import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { systemClock } from "@metadata-mirror/api-client";
import { expect, onTestFinished, test } from "vitest";
import { describeOutcome } from "../src/report/text.ts";
import { stage } from "../src/schedule/stage.ts";
import { soak } from "../src/soak.ts";

/** Always the same: what fails here fails for who looks into it too. By hand each soak has another. */
const seed = 8;

const minute = 60_000;

test(
  "for two minutes of changes and faults at random, the ConfigMaps are what the model says at each quiet point",
  async () => {
    await using directory = await mkdtempDisposable(join(tmpdir(), "metadata-mirror-soak-"));
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const outcome = await soak({
      seed,
      stage,
      replicas: 2,
      shards: 3,
      slow: false,
      rate: 20,
      forMs: 2 * minute,
      steps: Infinity,
      operator: undefined,
      directory: directory.path,
      host: {
        env: process.env,
        node: process.execPath,
        clock: systemClock,
        report: () => undefined,
        progress: () => undefined,
        signal: stop.signal,
      },
    });
    expect(outcome.mismatches, describeOutcome(outcome)).toEqual([]);
    // of each kind of round at least one
    expect(outcome.quietPoints).toBeGreaterThanOrEqual(2);
    expect(Object.keys(outcome.disturbances)).not.toEqual([]);
  },
  6 * minute,
);
