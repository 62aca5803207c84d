import { symbols } from "pino";
import { expect, test } from "vitest";
import { createLog, logLevels } from "./log.ts";

test.each(logLevels)("%s is a level: what is graver is logged, what is less is not", async (level) => {
  for (const readable of [true, false]) {
    const log = await createLog(level, readable);
    const logged = logLevels.filter((other) => other !== "silent" && log.isLevelEnabled(other));
    expect(logged).toEqual(level === "silent" ? [] : logLevels.slice(0, logLevels.indexOf(level) + 1));
  }
});

test("a line for a pipe is JSON, without process id and host name: who runs it knows both", async () => {
  const log = await createLog("info", false);
  const lines: string[] = [];
  const stream = Reflect.get(log, symbols.streamSym) as { write: (line: string) => void };
  stream.write = (line) => void lines.push(line);
  log.info({ mirror: "shop/web-peers" }, "reconciled");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 30, time: expect.any(Number), mirror: "shop/web-peers", msg: "reconciled" },
  ]);
});

test("a level that isn't one is an error", async () => {
  await expect(createLog("loud", false)).rejects.toThrow("loud");
});
