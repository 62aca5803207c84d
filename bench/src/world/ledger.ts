/**
 * What is known of changes, by their numbers (1, 2, … over all pods): which pod each changed, when it was sent, and since when it
 * can be seen. A change counts as visible when its number is, or a later one of the same pod. Times are monotonic milliseconds.
 */
export interface Ledger {
  /** The number of the next change of the pod, which is an index; the first of a pod makes it known. */
  issue(pod: number): number;
  sent(seq: number, at: number): void;
  /** Something that can be seen since `at` has this number: in the place, of those where changes are to be seen. Default: the only one. */
  show(seq: number, at: number, place?: number): void;
  /** Nothing can be seen any more. */
  forget(): void;
  /** How many pods there are whose last change can't be seen. */
  readonly behind: number;
  /** How many pods there are. */
  readonly size: number;
  /** The number that the next change will get. */
  readonly next: number;
  /** The number of each pod's last change. */
  latest(): readonly number[];
  /** Of the changes from number `first` on, from sent to visible; Infinity where one is not visible. */
  latencies(first: number): readonly number[];
  /** When the change was visible first; undefined while it is not. */
  shownAt(seq: number): number | undefined;
}

/** Starts one. `base` is the number before the first. */
export function createLedger(base = 0): Ledger {
  const podOf: number[] = [];
  const previous: number[] = [];
  const sentAt: number[] = [];
  const shownAt: (number | undefined)[] = [];
  const latest: number[] = [];
  const shown: number[] = [];
  let behind = 0;
  return {
    issue(pod) {
      const seq = base + podOf.length + 1;
      if ((latest[pod] ?? 0) === (shown[pod] ?? 0)) behind += 1;
      podOf.push(pod);
      previous.push(latest[pod] ?? 0);
      latest[pod] = seq;
      shown[pod] ??= 0;
      return seq;
    },
    sent(seq, at) {
      sentAt[seq - base] = at;
    },
    show(seq, at) {
      const pod = podOf[seq - base - 1];
      if (pod === undefined) return;
      const before = shown[pod] ?? 0;
      if (seq <= before) return;
      if (latest[pod] === seq) behind -= 1;
      shown[pod] = seq;
      for (let earlier = seq; earlier > before; earlier = previous[earlier - base - 1] ?? 0)
        shownAt[earlier - base] = at;
    },
    forget() {
      shown.fill(0);
      behind = latest.length;
    },
    get behind() {
      return behind;
    },
    get size() {
      return latest.length;
    },
    get next() {
      return base + podOf.length + 1;
    },
    latest: () => latest,
    latencies(first) {
      const values: number[] = [];
      for (let seq = first; seq <= base + podOf.length; seq++) {
        values.push((shownAt[seq - base] ?? Infinity) - (sentAt[seq - base] ?? NaN));
      }
      return values;
    },
    shownAt: (seq) => shownAt[seq - base],
  };
}

/** A change's number as a pod's annotation has it: `seq-00000012`. */
export function seqText(seq: number): string {
  return `seq-${String(seq).padStart(8, "0")}`;
}
