import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Condition, type Finding, mergeConditions, shortMessage } from "./condition.ts";

const before = "2026-11-23T18:00:00Z";
const now = "2026-11-23T19:00:00Z";

const ready: Finding = { type: "Ready", status: "True", reason: "InSync", message: "all is well" };
const complete: Finding = { type: "Complete", status: "False", reason: "KeyTooLong", message: "one is missing" };
const was = (finding: Finding): Condition => ({ ...finding, observedGeneration: 1, lastTransitionTime: before });

describe("the conditions after a pass", () => {
  test("keep their time where the status is the same, though reason, message and generation differ", () => {
    const found: Finding = { ...complete, reason: "TooManyPeers", message: "more are missing" };
    expect(mergeConditions([was(complete)], [found], 2, now)).toEqual([
      { ...found, observedGeneration: 2, lastTransitionTime: before },
    ]);
  });

  test("take the time of the pass where the status turned or is new", () => {
    const merged = mergeConditions([was({ ...ready, status: "Unknown" })], [ready, complete], 1, now);
    expect(merged.map(({ lastTransitionTime }) => lastTransitionTime)).toEqual([now, now]);
  });

  test("are those found and no others, in one order", () => {
    const stalled: Finding = { type: "Stalled", status: "True", reason: "Rejected", message: "it is refused" };
    const merged = mergeConditions([was(stalled)], [complete, ready], 1, now);
    expect(merged.map(({ type }) => type)).toEqual(["Ready", "Complete"]);
  });
});

describe("a short message", () => {
  test("is the message itself, where that is short", () => {
    expect(shortMessage("x".repeat(1024))).toBe("x".repeat(1024));
  });

  test("is cut to the 1,024 bytes that the note of an Event may hold", () => {
    expect(shortMessage("x".repeat(1025))).toBe(`${"x".repeat(1021)}…`);
    expect(Buffer.byteLength(shortMessage("é".repeat(1000)))).toBe(1023);
  });

  test("is well-formed and never too long, whatever the message", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "é", "€", "👍"), minLength: 200, maxLength: 1100 }),
        (message) => {
          const short = shortMessage(`\ud800${message}`);
          return short.isWellFormed() && Buffer.byteLength(short) <= 1024;
        },
      ),
    );
  });
});
