import { createLedger, type Ledger } from "./ledger.ts";

/** Starts a ledger of changes each of which is to be seen in so many places: visible is what can be seen in all of them. */
export function createWideLedger(places: number): Ledger {
  const first = createLedger();
  const others = Array.from({ length: places - 1 }, () => createLedger());
  const all = [first, ...others];
  return {
    issue(pod) {
      for (const ledger of others) ledger.issue(pod);
      return first.issue(pod);
    },
    sent: (seq, at) => all.forEach((ledger) => ledger.sent(seq, at)),
    show: (seq, at, place = 0) => all[place]?.show(seq, at),
    forget: () => all.forEach((ledger) => ledger.forget()),
    get behind() {
      return Math.max(...all.map(({ behind }) => behind));
    },
    get size() {
      return first.size;
    },
    get next() {
      return first.next;
    },
    latest: () => first.latest(),
    latencies(from) {
      const [own, ...rest] = all.map((ledger) => ledger.latencies(from));
      return (own ?? []).map((latency, index) => Math.max(latency, ...rest.map((values) => values[index] ?? Infinity)));
    },
    shownAt(seq) {
      const last = Math.max(...all.map((ledger) => ledger.shownAt(seq) ?? Infinity));
      return last === Infinity ? undefined : last;
    },
  };
}
