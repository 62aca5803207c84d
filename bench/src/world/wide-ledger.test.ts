import { expect, test } from "vitest";
import { createWideLedger } from "./wide-ledger.ts";

test("a change is visible once it is in all places, and its latency is that of the last", () => {
  const ledger = createWideLedger(3);
  const seq = ledger.issue(0);
  ledger.sent(seq, 100);
  ledger.show(seq, 110, 2);
  ledger.show(seq, 130, 0);
  expect([ledger.behind, ledger.shownAt(seq), ledger.latencies(1)]).toEqual([1, undefined, [Infinity]]);
  ledger.show(seq, 120, 1);
  expect([ledger.behind, ledger.shownAt(seq), ledger.latencies(1)]).toEqual([0, 130, [30]]);
});

test("a later change of the same pod shows it too, place by place", () => {
  const ledger = createWideLedger(2);
  const [before, after] = [ledger.issue(0), ledger.issue(0)];
  ledger.sent(before, 0);
  ledger.sent(after, 10);
  ledger.show(before, 20, 0);
  ledger.show(after, 30, 0);
  ledger.show(after, 25, 1);
  expect(ledger.latencies(1)).toEqual([25, 20]);
});

test("what is behind counts pods, those of the place that has most of them", () => {
  const ledger = createWideLedger(2);
  const seqs = [0, 1, 2].map((pod) => ledger.issue(pod));
  for (const seq of seqs) ledger.show(seq, 1, 0);
  ledger.show(seqs[0] ?? 0, 1, 1);
  expect([ledger.behind, ledger.size, ledger.next, ledger.latest()]).toEqual([2, 3, 4, [1, 2, 3]]);
  ledger.forget();
  expect(ledger.behind).toBe(3);
  for (const seq of seqs) ledger.show(seq, 2, 1);
  expect(ledger.behind).toBe(3);
});
