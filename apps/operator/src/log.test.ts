import fs from "node:fs";
import { expect, test, vi } from "vitest";
import { createLog, logLevels } from "./log.ts";

test.each(logLevels)("%s is a level: what is graver is logged, what is less is not", async (level) => {
  for (const readable of [true, false]) {
    const log = await createLog(level, readable);
    const logged = logLevels.filter((other) => other !== "silent" && log.isLevelEnabled(other));
    expect(logged).toEqual(level === "silent" ? [] : logLevels.slice(0, logLevels.indexOf(level) + 1));
  }
});

test("a line for a pipe is JSON, without process id and host name: who runs it knows both", async () => {
  const lines: string[] = [];
  // what pino writes to standard output goes through here
  using _ = vi
    .spyOn(fs, "writeSync")
    .mockImplementation((_fd, line) => lines.push(String(line)) && String(line).length);
  const log = await createLog("info", false);
  log.info({ mirror: "shop/web-peers" }, "reconciled");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 30, time: expect.any(Number), mirror: "shop/web-peers", msg: "reconciled" },
  ]);
});

test("a level that isn't one is an error", async () => {
  await expect(createLog("loud", false)).rejects.toThrow("loud");
});
