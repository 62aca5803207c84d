import { ApiError, fakeClock } from "@metadata-mirror/api-client";
import { type Outcome, MetadataMirrorStatus } from "@metadata-mirror/metadata-model";
import { expect, test } from "vitest";
import { awaitChange } from "../runtime/action.ts";
import { entryOf } from "../testing/entries.ts";
import { mirror } from "../testing/objects.ts";
import { tellingOfErrors } from "./broken.ts";
import { createStores } from "./stores.ts";

const key = "shop/web-peers";
const bug = new TypeError("secret is not iterable");
const condition = { status: "True", reason: "R", message: "m", lastTransitionTime: "2026-11-30T05:00:00Z" };
const status = MetadataMirrorStatus.parse({
  conditions: ["Ready", "Complete"].map((type) => ({ ...condition, type })),
});

/** Passes over a mirror that end by what `ends` holds, where that is an error. */
function passes() {
  const clock = fakeClock();
  const stores = createStores(() => []);
  stores.mirrors.apply(entryOf({ ...mirror(), status }));
  const ends: { by: unknown } = { by: bug };
  const told: Outcome[] = [];
  const writing = { fails: false };
  const reconcile = tellingOfErrors(
    () => (ends.by === undefined ? Promise.resolve(awaitChange) : Promise.reject(ends.by)),
    {
      stores,
      clock,
      writeStatus(_, outcome) {
        if (writing.fails) return Promise.reject(new ApiError("unavailable", "away"));
        told.push(outcome);
        return Promise.resolve(undefined);
      },
    },
  );
  /** A pass, so many milliseconds after the last, and what it ends by. */
  async function pass(afterMs = 0): Promise<unknown> {
    await clock.advance(afterMs);
    return reconcile(key).catch((error: unknown) => error);
  }
  return { stores, ends, told, writing, pass };
}

test("an error that stays for 2 s is told, by its name alone, and what was found of all else stands", async () => {
  const { told, pass } = passes();
  expect([await pass(), await pass(1_999)]).toEqual([bug, bug]);
  expect(told).toEqual([]);
  expect(await pass(1)).toBe(bug);
  expect(told).toMatchObject([
    {
      generation: 1,
      counts: undefined,
      findings: [
        { type: "Ready", status: "False", reason: "InternalError" },
        { type: "Complete", status: "True" },
      ],
    },
  ]);
  expect(JSON.stringify(told)).not.toContain("secret");
});

test.each<readonly [string, unknown]>([
  ["a pass that goes through", undefined],
  ["a fault of the API server's", new ApiError("unavailable", "away")],
])("%s ends it: the next error counts anew", async (_, end) => {
  const { ends, told, pass } = passes();
  await pass();
  ends.by = end;
  expect(await pass(1_500)).toBe(end ?? awaitChange);
  ends.by = bug;
  await pass(1_000);
  expect(told).toEqual([]);
  await pass(2_000);
  expect(told).toHaveLength(1);
});

test("where it can't be told now, the error of the pass is thrown all the same, and it's told with the next", async () => {
  const { told, writing, pass } = passes();
  await pass();
  writing.fails = true;
  expect(await pass(2_000)).toBe(bug);
  writing.fails = false;
  expect(await pass(1_000)).toBe(bug);
  expect(told).toHaveLength(1);
});

test("nothing is told of a mirror that is gone", async () => {
  const { stores, told, pass } = passes();
  await pass();
  stores.mirrors.remove({ namespace: "shop", name: "web-peers", resourceVersion: "8" });
  expect(await pass(2_000)).toBe(bug);
  expect(told).toEqual([]);
});

test("one that was made anew under the name has 2 s of its own", async () => {
  const { stores, told, pass } = passes();
  await pass();
  stores.mirrors.apply(entryOf({ ...mirror(), uid: "another" }, "9"));
  await pass(2_000);
  expect(told).toEqual([]);
  await pass(2_000);
  expect(told).toHaveLength(1);
});
