import { join } from "node:path";
import process from "node:process";
import { execa } from "execa";
import { expect, test } from "vitest";
import type { LevelResult } from "../src/ambassador/ambassador.ts";

test("a short run measures all three ways, and none is free", async () => {
  const main = join(import.meta.dirname, "../src/main.ts");
  const args = ["--conditions=@metadata-mirror/source", main, "ambassador", "--rounds=1", "--duration=200", "--json"];
  // 2 is a goal that was missed, which says nothing of so short a run
  const { stdout, exitCode } = await execa(process.execPath, args, { reject: false });
  expect([0, 2]).toContain(exitCode);
  const results = JSON.parse(stdout) as LevelResult[];
  expect(results.map(({ connections }) => connections)).toEqual([1, 16]);
  for (const { contestants } of results) {
    expect(Object.keys(contestants)).toEqual(["ambassador", "kubectl proxy", "direct"]);
    for (const { p50, p99, throughput } of Object.values(contestants)) {
      expect(p50.median).toBeGreaterThan(10);
      expect(p99.median).toBeGreaterThanOrEqual(p50.median);
      expect(throughput.median).toBeGreaterThan(10);
    }
  }
});
