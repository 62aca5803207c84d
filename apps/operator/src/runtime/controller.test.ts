import { ApiError, createBackoff, fakeClock } from "@metadata-mirror/api-client";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Action, awaitChange, requeueAfter } from "./action.ts";
import { type Reconciler, runController } from "./controller.ts";
import { createRateLimiter } from "./rate-limiter.ts";
import { createWorkQueue } from "./work-queue.ts";

/** A controller that runs, and what its reconciler and its errors told. */
function start(
  reconcile: (key: string, pass: number) => Promise<Action> | Action,
  workers = 2,
  { perSecond, groupOf }: { readonly perSecond?: number; readonly groupOf?: (key: string) => string } = {},
) {
  const clock = fakeClock();
  const stop = new AbortController();
  // 20, 40, 80 … milliseconds
  const backoff = () => createBackoff({ initialMs: 10, maxMs: 1_000, factor: 2, random: () => 1 });
  const queue = createWorkQueue({ clock, backoff, signal: stop.signal, ...(groupOf && { groupOf }) });
  const limiter = perSecond === undefined ? undefined : createRateLimiter({ clock, perSecond, signal: stop.signal });
  const passes: string[] = [];
  const errors: string[] = [];
  const recorded: Reconciler = async (key) => {
    passes.push(`${key} at ${clock.monotonic()}`);
    return reconcile(key, passes.length);
  };
  const running = runController({
    queue,
    reconcile: recorded,
    workers,
    ...(limiter && { limiter }),
    onError: (key, error, retryInMs) => errors.push(`${key}: ${String(error)}, again in ${retryInMs}`),
  });
  return { clock, queue, passes, errors, running, stop: () => stop.abort() };
}

test("a key is worked on once for a change, and again for the next", async () => {
  const { clock, queue, passes } = start(() => awaitChange);
  queue.add("a");
  await clock.advance(1_000);
  queue.add("a");
  await clock.advance(1_000);
  expect(passes).toEqual(["a at 0", "a at 1000"]);
});

test("a pass that asks for another one after a time gets it then", async () => {
  const { clock, queue, passes } = start((_, pass) => (pass === 1 ? requeueAfter(50) : awaitChange));
  queue.add("a");
  await clock.advance(1_000);
  expect(passes).toEqual(["a at 0", "a at 50"]);
});

test("a pass that throws is told of and made again after waits that grow, and stops neither other keys nor its worker", async () => {
  const fails: Reconciler = (key) => (key === "bad" ? Promise.reject(new Error("no")) : Promise.resolve(awaitChange));
  const { clock, queue, passes, errors } = start(fails, 1);
  queue.add("bad");
  queue.add("good");
  await clock.advance(60);
  expect(passes).toEqual(["bad at 0", "good at 0", "bad at 20", "bad at 60"]);
  expect(errors).toEqual(["bad: Error: no, again in 20", "bad: Error: no, again in 40", "bad: Error: no, again in 80"]);
});

test("a pass that throws because the server asked for time is made again after that time", async () => {
  const busy = new ApiError("too-many-requests", "busy", { retryAfterMs: 5_000 });
  const { clock, queue, passes } = start((_, pass) => (pass === 1 ? Promise.reject(busy) : awaitChange));
  queue.add("a");
  await clock.advance(4_999);
  expect(passes).toEqual(["a at 0"]);
  await clock.advance(1_000);
  expect(passes).toHaveLength(2);
});

test.each([
  ["awaits a change", awaitChange, []],
  ["asks for a pass after a time", requeueAfter(5), ["a at 25"]],
])("a pass that %s starts the backoff anew", async (_, action, more) => {
  const { clock, queue, passes } = start((__, pass) =>
    pass === 1 || pass >= 3 ? Promise.reject(new Error("no")) : action,
  );
  queue.add("a");
  await clock.advance(30);
  expect(passes).toEqual(["a at 0", "a at 20", ...more]);
  queue.add("a");
  const before = passes.length;
  await clock.advance(100);
  expect(passes.slice(before, before + 2)).toEqual(["a at 30", `a at ${more.length > 0 ? 70 : 50}`]);
});

test("at the end what is under way is finished, what waits is left, and the controller resolves after that", async () => {
  const done: string[] = [];
  const { clock, queue, running, stop, passes } = start(async (key) => {
    await clock.sleep(key === "a" ? 40 : 50);
    done.push(key);
    throw new Error("stopping");
  });
  let resolved = false;
  void running.then(() => (resolved = true));
  for (const key of ["a", "b", "c"]) queue.add(key);
  await clock.advance(10);
  stop();
  expect([resolved, done]).toEqual([false, []]);
  await clock.advance(30);
  expect([resolved, done]).toEqual([false, ["a"]]);
  await clock.advance(10);
  expect([resolved, done, passes]).toEqual([true, ["a", "b"], ["a at 0", "b at 0"]]);
  expect(clock.sleeping).toBe(0);
});

test("with a rate there are so many passes a second, and idle ones are not counted", async () => {
  const { clock, queue, passes } = start(
    (key) => (key.startsWith("idle") ? { ...awaitChange, idle: true } : awaitChange),
    4,
    {
      perSecond: 10,
    },
  );
  for (let at = 0; at < 100; at++) for (const kind of ["idle", "work"]) queue.add(`${kind}-${at}`);
  await clock.advance(0);
  const count = (kind: string) => passes.filter((pass) => pass.startsWith(kind)).length;
  expect([count("work"), count("idle")]).toEqual([10, 10]);
  await clock.advance(5_000);
  expect(count("work")).toBeGreaterThanOrEqual(59);
  expect(count("work")).toBeLessThanOrEqual(61);
  for (let at = 0; at < 1_000; at++) queue.add(`idle-more-${at}`);
  await clock.advance(5_000);
  expect([count("work"), count("idle")]).toEqual([100, 1_100]);
});

test("with a rate a group of few keys doesn't wait for one of many", async () => {
  const groupOf = (key: string) => key.split("/")[0] ?? "";
  const { clock, queue, passes } = start(() => awaitChange, 4, { perSecond: 10, groupOf });
  for (let at = 0; at < 2_000; at++) queue.add(`many/${at}`);
  await clock.advance(3_000);
  queue.add("few/1");
  await clock.advance(400);
  expect(passes.some((pass) => pass.startsWith("few/1 at"))).toBe(true);
  expect(queue.depth).toBeGreaterThan(1_900);
});

test("keys that wait for the rate take no timer each, and the end ends the wait", async () => {
  const { clock, queue, running, stop } = start(() => awaitChange, 4, { perSecond: 1 });
  for (let at = 0; at < 2_000; at++) queue.add(String(at));
  await clock.advance(0);
  expect(clock.sleeping).toBe(1);
  stop();
  await clock.advance(0);
  await running;
  expect(clock.sleeping).toBe(0);
});

/** What happens to one of a few keys: it changes after a while, and the pass over it takes its time and ends in some way. */
const happening = fc.record({
  key: fc.constantFrom("a", "b", "c"),
  afterMs: fc.integer({ min: 0, max: 20 }),
  takesMs: fc.integer({ min: 0, max: 30 }),
  ends: fc.constantFrom<Action | "throws">("throws", awaitChange, requeueAfter(5)),
});

test("whatever comes when: no key is worked on twice at once, at most so many are, and a pass begins after the last change", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { maxLength: 25 }),
      fc.integer({ min: 1, max: 3 }),
      async (happenings, workers) => {
        const underWay: string[] = [];
        const twice: string[] = [];
        let most = 0;
        const changed = new Map<string, number>();
        const seen = new Map<string, number>();
        const script = happenings.values();
        const { queue, stop, running, clock } = start(async (key) => {
          if (underWay.includes(key)) twice.push(key);
          most = Math.max(most, underWay.push(key));
          seen.set(key, changed.get(key) ?? 0);
          const { takesMs, ends } = script.next().value ?? { takesMs: 0, ends: awaitChange };
          await clock.sleep(takesMs);
          underWay.splice(underWay.indexOf(key), 1);
          if (ends === "throws") throw new Error("no");
          return ends;
        }, workers);
        for (const [at, { key, afterMs }] of happenings.entries()) {
          await clock.advance(afterMs);
          changed.set(key, at);
          queue.add(key);
        }
        await clock.advance(5_000);
        expect(twice).toEqual([]);
        expect(most).toBeLessThanOrEqual(workers);
        expect(seen).toEqual(changed);
        stop();
        await running;
      },
    ),
  );
});
