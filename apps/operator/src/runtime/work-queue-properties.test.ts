import { createBackoff, type FakeClock, fakeClock } from "@metadata-mirror/api-client";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createWorkQueue, type WorkQueue } from "./work-queue.ts";

const tickMs = 10;

type Step =
  | { readonly do: "add" | "done"; readonly key: string }
  | { readonly do: "addAfter"; readonly key: string; readonly ticks: number }
  | { readonly do: "take" | "tick" };

const key = fc.constantFrom("a", "b", "c");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("add" as const), key }),
  fc.record({ do: fc.constant("done" as const), key }),
  fc.record({ do: fc.constant("addAfter" as const), key, ticks: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ do: fc.constantFrom("take" as const, "tick" as const) }),
);

/** What a queue is, said as simply as can be: when each key is due, and which keys are with a worker. */
class Model {
  readonly due = new Map<string, number>();
  readonly working = new Set<string>();
  /** What was handed out though nobody may have it. */
  readonly wrong: string[] = [];
  takers = 0;

  ask(name: string, at: number): void {
    this.due.set(name, Math.min(at, this.due.get(name) ?? at));
  }

  /** The keys that a worker could have at `now`. */
  available(now: number): string[] {
    return [...this.due].filter(([name, at]) => at <= now && !this.working.has(name)).map(([name]) => name);
  }

  /** A worker has got `name`. */
  handOut(name: string | undefined, now: number): void {
    if (!this.available(now).includes(name ?? "")) this.wrong.push(`${name} at ${now}`);
    this.due.delete(name ?? "");
    this.working.add(name ?? "");
    this.takers--;
  }
}

async function play(one: Step, queue: WorkQueue, clock: FakeClock, model: Model): Promise<void> {
  const now = clock.monotonic();
  switch (one.do) {
    case "add":
      model.ask(one.key, now);
      return queue.add(one.key);
    case "addAfter":
      model.ask(one.key, now + one.ticks * tickMs);
      return queue.addAfter(one.key, one.ticks * tickMs);
    case "done":
      // a key is given back by who has it only
      if (model.working.delete(one.key)) queue.done(one.key);
      return;
    case "take":
      model.takers++;
      void queue.take().then((name) => model.handOut(name, clock.monotonic()));
      return;
    case "tick":
      return clock.advance(tickMs);
  }
}

/** What holds after every step: whoever can have a key has one, and the others wait. */
function check(queue: WorkQueue, model: Model, now: number): void {
  expect(model.wrong).toEqual([]);
  expect(queue.depth).toBe(model.available(now).length);
  if (model.takers > 0) expect(model.available(now)).toEqual([]);
}

test("whatever is done in whatever order: no key is with two workers, none is lost, none comes early or late", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const clock = fakeClock();
      const stop = new AbortController();
      const backoff = () => createBackoff({ initialMs: 10, maxMs: 1_000, random: () => 0 });
      const queue = createWorkQueue({ clock, backoff, signal: stop.signal });
      const model = new Model();
      for (const one of steps) {
        await play(one, queue, clock, model);
        await clock.advance(0);
        check(queue, model, clock.monotonic());
      }

      // everyone gives back what he has and takes more: nothing that was asked for is left behind
      await clock.advance(10 * tickMs);
      while (model.due.size > 0) {
        for (const name of model.working) await play({ do: "done", key: name }, queue, clock, model);
        if (model.takers === 0) await play({ do: "take" }, queue, clock, model);
        await clock.advance(0);
      }
      expect([queue.depth, clock.sleeping]).toEqual([0, 0]);
    }),
    { numRuns: 300 },
  );
});
