import type { WriteStream } from "node:tty";
import { expect, test } from "vitest";
import { createSteps } from "./progress.ts";

/** Steps into a pipe, or another stream that is no terminal to draw on, on a clock of ours. */
function pipe(stream: { isTTY: boolean; columns?: number } = { isTTY: false }) {
  const written: string[] = [];
  const clock = { now: 0 };
  const target = { ...stream, write: (text: string) => written.push(text) > 0 } as unknown as WriteStream;
  return { written, clock, step: createSteps(target, () => clock.now) };
}

test("into a pipe a step is a line when it's done, with how long it took, and one each 10 s until then", async () => {
  const { written, clock, step } = pipe();
  const answer = await step("cluster", async (report) => {
    for (const second of [1, 9, 10, 11, 19, 21]) {
      clock.now = second * 1000;
      report(`line at ${second} `);
    }
    return 42;
  });
  expect(answer).toBe(42);
  expect(written).toEqual(["  cluster (10 s): line at 10\n", "  cluster (21 s): line at 21\n", "✔ cluster (21 s)\n"]);
});

test("a step that fails says so, and its error goes on", async () => {
  const { written, step } = pipe();
  await expect(step("cluster", () => Promise.reject(new Error("no engine")))).rejects.toThrow("no engine");
  expect(written).toEqual(["✖ cluster (0 s)\n"]);
});

test("a terminal without a width gets lines, as a pipe does", async () => {
  const { written, step } = pipe({ isTTY: true, columns: 0 });
  await step("cluster", async () => {});
  expect(written).toEqual(["✔ cluster (0 s)\n"]);
});
