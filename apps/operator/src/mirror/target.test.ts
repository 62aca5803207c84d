import { describe, expect, test } from "vitest";
import { isLetGo, letsGoAt, noteDoubled, targetOf } from "./target.ts";

describe("peers that are elsewhere too", () => {
  function doubled() {
    const target = targetOf(new Map(), "web-peers-1");
    const note = (now: number, waits: boolean, leaves = false) => noteDoubled(target, { waits, leaves, now });
    return { target, note };
  }

  test("may leave two seconds after they were first seen to be", () => {
    const { target, note } = doubled();
    note(1_000, true);
    note(2_000, true);
    expect([letsGoAt(target), isLetGo(target, 2_999), isLetGo(target, 3_000)]).toEqual([3_000, false, true]);
  });

  test("wait anew where some were elsewhere no longer", () => {
    const { target, note } = doubled();
    note(1_000, true);
    note(2_000, false, true);
    expect(letsGoAt(target)).toBeUndefined();
    note(2_500, true);
    expect(letsGoAt(target)).toBe(4_500);
  });

  test("need not wait again while the write by which they leave is held back", () => {
    const { target, note } = doubled();
    note(1_000, true);
    note(3_000, false, true);
    expect(isLetGo(target, 3_000)).toBe(true);
    note(3_100, false, false);
    expect(isLetGo(target, 3_100)).toBe(false);
  });

  test("are none where nothing is known of the ConfigMap", () => {
    expect(isLetGo(undefined, 1_000)).toBe(false);
  });
});
