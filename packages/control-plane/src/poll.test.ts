import { expect, onTestFinished, test, vi } from "vitest";
import { heartbeat, poll } from "./poll.ts";

const { signal } = new AbortController();

test("poll returns the first answer that is not undefined", async () => {
  const answers = [undefined, undefined, "ready", "too late"];
  expect(await poll(async () => answers.shift(), { everyMs: 1, signal })).toBe("ready");
});

test("poll throws what the probe throws", async () => {
  await expect(poll(() => Promise.reject(new Error("broken")), { everyMs: 1, signal })).rejects.toThrow("broken");
});

test("poll gives up at its deadline", async () => {
  await expect(poll(async () => undefined, { everyMs: 1, timeoutMs: 20, signal })).rejects.toThrow("after 0.02 s");
});

test("poll ends with the signal's reason, even in the midst of a long wait", async () => {
  const stop = new AbortController();
  const polling = poll(async () => undefined, { everyMs: 60_000, signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(polling).rejects.toThrow("enough");
});

test("heartbeat beats while the work goes on, and not after", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const waited: number[] = [];
  const work = Promise.withResolvers<string>();
  const result = heartbeat(work.promise, 5_000, (ms) => waited.push(ms));
  vi.advanceTimersByTime(12_000);
  work.resolve("done");
  expect(await result).toBe("done");
  expect(waited).toEqual([5_000, 10_000]);
  expect(vi.getTimerCount()).toBe(0);
});
