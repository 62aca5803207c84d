import { expect, test } from "vitest";
import { createLedger, seqText } from "./ledger.ts";

test("a change is visible when its number is, or a later one of the same pod", () => {
  const ledger = createLedger();
  const seqs = [0, 0, 1, 0].map((pod) => ledger.issue(pod));
  expect(seqs).toEqual([1, 2, 3, 4]);
  for (const seq of seqs) ledger.sent(seq, seq * 100);
  ledger.show(2, 250);
  expect(ledger.latencies(1)).toEqual([150, 50, Infinity, Infinity]);
  ledger.show(4, 1000);
  expect(ledger.latencies(3)).toEqual([Infinity, 600]);
  expect(ledger.behind).toBe(1);
});

test("what was visible stays so, whatever is shown after it", () => {
  const ledger = createLedger();
  for (const pod of [0, 0]) ledger.sent(ledger.issue(pod), 0);
  ledger.show(2, 10);
  ledger.show(1, 20);
  ledger.show(2, 30);
  expect(ledger.latencies(1)).toEqual([10, 10]);
  expect(ledger.behind).toBe(0);
});

test("behind are the pods whose last change can't be seen", () => {
  const ledger = createLedger();
  for (const pod of [0, 1, 2]) ledger.issue(pod);
  expect(ledger.behind).toBe(3);
  for (const seq of [1, 2, 3]) ledger.show(seq, 0);
  expect(ledger.behind).toBe(0);
  expect([ledger.issue(1), ledger.issue(1)]).toEqual([4, 5]);
  expect(ledger.behind).toBe(1);
  ledger.show(4, 1);
  expect(ledger.behind).toBe(1);
  ledger.show(5, 1);
  expect(ledger.behind).toBe(0);
  expect(ledger.latest()).toEqual([1, 5, 3]);
});

test("all are behind when nothing can be seen any more, and what was measured stays", () => {
  const ledger = createLedger();
  for (const pod of [0, 1]) ledger.sent(ledger.issue(pod), 0);
  ledger.show(1, 5);
  ledger.show(2, 5);
  ledger.forget();
  expect(ledger.behind).toBe(2);
  ledger.show(1, 50);
  expect(ledger.behind).toBe(1);
  expect(ledger.shownAt(1)).toBe(50);
});

test("numbers that are not of this ledger don't count", () => {
  const ledger = createLedger(5000);
  expect(ledger.issue(0)).toBe(5001);
  for (const seq of [1, 5000, 5002]) ledger.show(seq, 1);
  expect(ledger.behind).toBe(1);
  ledger.show(5001, 1);
  expect(ledger.behind).toBe(0);
});

test("a number is written with 8 digits", () => {
  expect(seqText(12)).toBe("seq-00000012");
});
