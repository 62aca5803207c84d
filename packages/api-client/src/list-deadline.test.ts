import { expect, test } from "vitest";
import { fakeClock } from "./fake-clock.ts";
import { createListDeadline } from "./list-deadline.ts";

/** Bytes that come when they are sent, and whether reading them has been given up. */
function start() {
  const clock = fakeClock();
  const state = { isWhole: false };
  const deadline = createListDeadline({
    clock,
    silentMs: 10_000,
    wholeMs: 25_000,
    isMet: () => state.isWhole,
    action: "watch pods",
  });
  const waiting: PromiseWithResolvers<Buffer>[] = [];
  async function* chunks() {
    for (;;) {
      const next = Promise.withResolvers<Buffer>();
      waiting.push(next);
      yield await next.promise;
    }
  }
  const bytes = deadline.over(chunks());
  const send = () => waiting.shift()?.resolve(Buffer.from("x"));
  /** Waits for the next bytes, which come after so long. */
  async function take(ms: number): Promise<void> {
    const next = bytes.next();
    await clock.advance(ms);
    send();
    await next;
  }
  const fault = () => (deadline.signal.aborted ? (deadline.signal.reason as Error).message : undefined);
  return { clock, state, take, fault };
}

test("a state that comes with short gaps is waited for", async () => {
  const { take, fault } = start();
  await take(9_000);
  await take(9_000);
  expect(fault()).toBeUndefined();
});

test("one of which nothing more comes is given up", async () => {
  const { take, fault } = start();
  await take(100);
  await take(10_000);
  expect(fault()).toContain("watch pods: the server has not told the whole state, and nothing more of it for 10 s");
});

test("one that never ends is given up, however often something comes", async () => {
  const { take, fault } = start();
  for (const ms of [9_000, 9_000]) await take(ms);
  await take(7_000);
  expect(fault()).toContain("for 7 s");
});

test("what is done with the bytes takes as long as it takes", async () => {
  const { clock, take, fault } = start();
  await take(9_000);
  await clock.advance(600_000);
  await take(9_000);
  expect(fault()).toBeUndefined();
});

test("once the state is whole, silence means nothing", async () => {
  const { state, take, fault } = start();
  await take(9_000);
  state.isWhole = true;
  await take(600_000);
  expect(fault()).toBeUndefined();
});
