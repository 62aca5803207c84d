/** What is known of one pod when it is asked whether to refresh it. Times are milliseconds; undefined means long ago. */
export interface RefreshState {
  /** The pod's annotation, "" where it has none. */
  readonly annotation: string;
  /** The revision of the data that its files are to show. */
  readonly wanted: string;
  /** Since our own watch last showed a change of this data. */
  readonly sinceShown: number | undefined;
  /** Since we last told the pod, or found it told by whom we don't know. */
  readonly sinceTold: number | undefined;
  /** The annotation is the last that we wrote, and nobody else's. */
  readonly isOurs: boolean;
}

export type RefreshStep =
  | { readonly do: "patch"; readonly annotation: string }
  /** Ask again in `ms` milliseconds. */
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "nothing" };

/**
 * A pod is told once more so long after the last change of a burst: the kubelet reads ConfigMaps from a watch of its own, and nothing orders
 * that against its watch of pods, so it may be told of a change that it doesn't see yet (1 of 40 refreshes missed under load, for a whole sync
 * period of a minute).
 */
export const settleMs = 2_000;

/** A pod is told of changes at most this often; that the data is still now comes 2 s after the last of them, and isn't counted. */
export const patchEveryMs = 1_000;

const settledSuffix = ".2";

/** What the annotation is once the data has been still for `settleMs`: the kubelet has seen the last of it by then. */
export function settledAnnotation(wanted: string): string {
  return `${wanted}${settledSuffix}`;
}

/**
 * What to do about the annotation of one pod, whose change makes the kubelet sync the pod at once: the revision at once, and its settled
 * form once nothing has changed for `settleMs`, straight away where that is so already. The settled form of what is wanted is the end: nothing
 * is written for data that stays as it is.
 */
export function refreshStep({ annotation, wanted, sinceShown, sinceTold, isOurs }: RefreshState): RefreshStep {
  const settled = settledAnnotation(wanted);
  if (annotation === settled) return { do: "nothing" };
  const unsettledMs = sinceShown === undefined ? 0 : Math.max(0, settleMs - sinceShown);
  const next = unsettledMs > 0 ? wanted : settled;
  // our settled form comes once in 2 s at the most, and so does what goes at once after it; of what anybody else wrote
  // that isn't known, and a patch for each of his writes would be as many as he likes
  const isFree = sinceTold === undefined || (isOurs && annotation.endsWith(settledSuffix));
  const pauseMs = isFree ? 0 : Math.max(0, patchEveryMs - sinceTold);
  const waitMs = next === annotation ? unsettledMs : pauseMs;
  return waitMs > 0 ? { do: "wait", ms: waitMs } : { do: "patch", annotation: next };
}
