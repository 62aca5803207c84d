import { expect, test } from "vitest";
import { ApiError } from "./api-error.ts";
import { fakeClock } from "./fake-clock.ts";
import { createPatience } from "./patience.ts";

const boundMs = 100;

/** A stream of which each chunk takes so many milliseconds to come, and a patience with it. */
function start(...waits: readonly number[]) {
  const clock = fakeClock();
  async function* chunks(): AsyncGenerator<Buffer> {
    for (const wait of waits) {
      await clock.advance(wait);
      yield Buffer.from(String(wait));
    }
  }
  const patience = createPatience({ clock, boundMs, tired: () => new ApiError("timeout", "enough") });
  return { clock, patience, bytes: patience.over(chunks()) };
}

/** What comes, up to the fault that ends it. */
async function read(bytes: AsyncIterable<Buffer>, each: () => void | Promise<void> = () => undefined) {
  const came: string[] = [];
  try {
    for await (const chunk of bytes) {
      came.push(chunk.toString());
      await each();
    }
  } catch (error) {
    came.push(ApiError.from(error).code);
  }
  return came;
}

test("bytes that come in time are the same bytes", async () => {
  expect(await read(start(60, 40).bytes)).toEqual(["60", "40"]);
});

test("bytes that come for longer than the bound are given up, however short their pauses are", async () => {
  expect(await read(start(40, 40, 40, 40, 40).bytes)).toEqual(["40", "40", "40", "timeout"]);
});

test("something whole begins the waiting anew, also where it came late", async () => {
  const { bytes, patience } = start(90, 90, 150, 90);
  expect(await read(bytes, () => patience.renew())).toEqual(["90", "90", "150", "90"]);
});

test("the time in which the bytes are dealt with does not count", async () => {
  const { clock, bytes } = start(30, 30, 30);
  expect(await read(bytes, () => clock.advance(1_000))).toEqual(["30", "30", "30"]);
});

test("giving up leaves the bytes, and so does who reads no further", async () => {
  let left = 0;
  async function* endless(): AsyncGenerator<Buffer> {
    try {
      for (;;) yield Buffer.of(1);
    } finally {
      left += 1;
    }
  }
  const clock = { monotonic: () => (now += 60) };
  let now = 0;
  const tired = () => new ApiError("timeout", "enough");
  await read(createPatience({ clock, boundMs, tired }).over(endless()));
  expect(left).toBe(1);
  for await (const _ of createPatience({ clock, boundMs, tired }).over(endless())) break;
  expect(left).toBe(2);
});
