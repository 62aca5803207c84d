import process from "node:process";
import { expect, test } from "vitest";
import { parseCpuSeconds, parseMemory, processUsage } from "./process-usage.ts";

test("the times are found behind a name with spaces and parentheses", () => {
  const stat = "42 (a ) (b) S 1 42 42 0 -1 4194560 1000 0 0 0 150 25 7 8 20 0 11 0 1234 99 88\n";
  expect(parseCpuSeconds(stat)).toBe(1.75);
});

test("what is no such line is an error", () => {
  expect(() => parseCpuSeconds("42 (x) S 1")).toThrow("no times");
});

test("memory is bytes", () => {
  const status = "Name:\tnode\nVmPeak:\t  900 kB\nVmHWM:\t  300 kB\nVmRSS:\t  200 kB\nRssFile:\t  50 kB\n";
  expect(parseMemory(status)).toEqual({ rss: 200 * 1024, peakRss: 300 * 1024, filePages: 50 * 1024 });
});

test("a process that has ended has no memory", () => {
  expect(() => parseMemory("Name:\tnode\nState:\tZ (zombie)\n")).toThrow("no VmRSS in /proc/<pid>/status");
});

test("our own process takes time and memory", async () => {
  const { cpuSeconds, rss, peakRss, filePages } = await processUsage(process.pid);
  const { user, system } = process.cpuUsage();
  expect(cpuSeconds).toBeCloseTo((user + system) / 1e6, 0);
  expect(rss / process.memoryUsage.rss()).toBeCloseTo(1, 0);
  expect(peakRss).toBeGreaterThanOrEqual(rss);
  expect(filePages > 0 && filePages < rss).toBe(true);
});
