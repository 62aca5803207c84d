import { spawn } from "node:child_process";
import { once as event } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { text } from "node:stream/consumers";
import { systemClock } from "@metadata-mirror/api-client";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { perform } from "../src/demo/player.ts";
import { once, scenario } from "../src/demo/scenario.ts";
import { setStage } from "../src/demo/stage.ts";
import { lastLine, tell } from "../src/demo/transcript.ts";

/** On a machine that has never built the binaries of the control plane, the first start takes minutes. */
const buildTimeout = 20 * 60_000;
vi.setConfig({ testTimeout: 60_000 });

/** TMPDIR of every demo here, so that what is left over can be seen. */
let temporary: string;
beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), "demo-test-"));
});
afterAll(() => rm(temporary, { recursive: true }));

function startDemo(...args: string[]) {
  const main = join(import.meta.dirname, "../src/demo/main.ts");
  return spawn(process.execPath, ["--conditions=@metadata-mirror/source", main, ...args], {
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

type Demo = ReturnType<typeof startDemo>;

/** The exit code and the lines on standard output, once the process has ended. */
async function result(demo: Demo): Promise<{ code: unknown; lines: string[] }> {
  const [output, [code]] = await Promise.all([text(demo.stdout), event(demo, "close")]);
  return { code, lines: output.trimEnd().split("\n") };
}

test(
  "the demo, played once, finds every step right, says so in its last line, and leaves nothing behind",
  async () => {
    const { code, lines } = await result(startDemo("--once"));
    const steps = lines.slice(1, -1);
    expect(steps.filter((line) => !/^ +\d+ {2}right +[\d.]+ ms {2}\S/.test(line))).toEqual([]);
    expect(lines.at(-1)).toMatch(/^demo: ok, 16 changes mirrored, p50 \d+(\.\d)? ms$/);
    expect(steps).toHaveLength(16);
    expect(code).toBe(0);
    expect(await readdir(temporary)).toEqual([]);
  },
  buildTimeout,
);

test("the demo fails, with exit code 1, where the ConfigMap is not right in time", async () => {
  const { code, lines } = await result(startDemo("--once", "--deadline", "1"));
  expect(lines.at(-1)).toBe("demo: failed, 1 of 1 changes went wrong; 0 changes mirrored");
  expect(code).toBe(1);
});

test("the endless demo ends well with Ctrl-C", async () => {
  const demo = startDemo("--pace", "0");
  demo.stdout.on("data", (chunk) => String(chunk).includes("web-2 comes") && demo.kill("SIGINT"));
  const { code, lines } = await result(demo);
  expect(lines.at(-1)).toMatch(/^demo: ok, \d+ changes mirrored, p50 /);
  expect(code).toBe(0);
  expect(await readdir(temporary)).toEqual([]);
});

test("the demo played once has no result when it's stopped, and the exit code is 130", async () => {
  const demo = startDemo("--once");
  demo.stdout.on("data", (chunk) => String(chunk).includes("KUBECONFIG") && demo.kill("SIGINT"));
  const { code, lines } = await result(demo);
  expect(lines.at(-1)).toMatch(/^demo: failed, it was stopped before it/);
  expect(code).toBe(130);
});

test("with an operator that does nothing, the first step goes wrong and is the last", async () => {
  const lines: string[] = [];
  await using stage = await setStage({
    controlPlane: { env: { ...process.env, TMPDIR: temporary } },
    clock: systemClock,
    operate: () => Promise.resolve(),
    signal: new AbortController().signal,
  });
  await scenario.prologue(stage.client);
  const progress = perform(once(scenario), stage, { clock: systemClock, deadlineMs: 500, paceMs: 0 });
  const tally = await tell(progress, (line) => lines.push(line));
  expect(tally).toEqual({ latencies: [], failed: 1 });
  expect(lines).toEqual([
    "  1  wrong     500 ms  the MetadataMirror is created: its peers are web-0 and web-1",
    "       not right within 500 ms:",
    "       web-peers: expected, but there is no such ConfigMap",
  ]);
  expect(lastLine(tally)).toMatch(/^demo: failed, /);
});

test("an operator that fails ends the demo with its error", async () => {
  const stage = await setStage({
    controlPlane: { env: { ...process.env, TMPDIR: temporary } },
    clock: systemClock,
    operate: () => Promise.reject(new Error("the port is taken")),
    signal: new AbortController().signal,
  });
  expect(stage.signal.aborted).toBe(true);
  await expect(stage[Symbol.asyncDispose]()).rejects.toThrow("the port is taken");
});
