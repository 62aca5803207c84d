import { fakeClock } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { rationEvents } from "./event-ration.ts";
import type { RecordEvent } from "./events.ts";

const happening: Parameters<RecordEvent>[0] = {
  regarding: { apiVersion: "v1", kind: "Pod", namespace: "shop", name: "web-0", uid: "u-1" },
  reason: "R",
  action: "A",
  warning: true,
  note: "",
};

function start() {
  const clock = fakeClock();
  let [created, dropped] = [0, 0];
  const record = rationEvents(
    () => {
      created++;
      return Promise.resolve(true);
    },
    clock,
    () => dropped++,
  );
  /** Tells of so many at once; answers how many of them are there. */
  async function tell(count: number): Promise<number> {
    const answers = await Promise.all(Array.from({ length: count }, () => record(happening)));
    return answers.filter(Boolean).length;
  }
  return { clock, tell, counts: () => ({ created, dropped }) };
}

test("of 1,000 that happen at once 100 are told, and the others are dropped and counted", async () => {
  const { tell, counts } = start();
  expect(await tell(1_000)).toBe(100);
  expect(counts()).toEqual({ created: 100, dropped: 900 });
});

test("in an hour in which they never end there are 3,700 of them at most", async () => {
  const { clock, tell, counts } = start();
  for (let second = 0; second < 3_600; second++) {
    await tell(10);
    await clock.advance(1_000);
  }
  expect(counts().created).toBeGreaterThan(3_600);
  expect(counts().created).toBeLessThanOrEqual(3_700);
});

test("after a quiet time there may be many at once again", async () => {
  const { clock, tell } = start();
  await tell(200);
  await clock.advance(10_000);
  expect(await tell(200)).toBe(10);
  await clock.advance(200_000);
  expect(await tell(200)).toBe(100);
});
