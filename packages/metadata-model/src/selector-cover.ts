import {
  anything,
  both,
  either,
  isAnything,
  isNothing,
  isWithin,
  type LabelValues,
  present,
  takes,
} from "./label-values.ts";
import { type LabelSelector, type Requirement, requirementsOf } from "./label-selector.ts";
import { isQualifiedName } from "./qualified-name.ts";

/**
 * Pods by their labels: those whose labels are all within what is told of each key; of other keys they may have any. It is as exact as one
 * selector of the API server can be, so that of several selectors it may hold pods that none of them matches, but never lacks one.
 * `nobody` is no pod.
 */
export type Cover = Requirements | typeof nobody;

/** What labels must say, by their keys. */
type Requirements = ReadonlyMap<string, LabelValues>;

/** The cover of no pod at all. */
export const nobody = "nobody";

/** The cover of every pod. */
export const everybody: Requirements = new Map();

/** A key with more values than this is asked for by its presence alone. */
const mostValues = 64;

/** The longest text of a selector, in characters: as it is escaped in a URL, of which some proxies take no more than 8 KiB. */
const longestText = 2_000;

function valuesOf({ operator, values = [] }: Requirement): LabelValues {
  switch (operator) {
    case "In":
      return { absent: false, allBut: false, values: new Set(values) };
    case "NotIn":
      return { absent: true, allBut: true, values: new Set(values) };
    case "Exists":
      return present;
    case "DoesNotExist":
      return { absent: true, allBut: false, values: new Set() };
  }
}

/** The pods that `selector` matches. Keys that the API server would refuse to be asked for are left out, so that it may be more. */
export function coverOf(selector: LabelSelector): Cover {
  const cover = new Map<string, LabelValues>();
  for (const requirement of requirementsOf(selector)) {
    const { key } = requirement;
    const taken = both(cover.get(key) ?? anything, valuesOf(requirement));
    if (isNothing(taken)) return nobody;
    if (isQualifiedName(key)) cover.set(key, taken);
  }
  return new Map([...cover].filter(([, taken]) => !isAnything(taken)));
}

/** The pods of both covers, and as few others as a selector without too many values leaves. */
export function joined(a: Cover, b: Cover): Cover {
  if (a === nobody) return b;
  if (b === nobody) return a;
  const cover = new Map<string, LabelValues>();
  for (const [key, taken] of a) {
    const joint = fewer(either(taken, b.get(key) ?? anything));
    if (!isAnything(joint)) cover.set(key, joint);
  }
  return cover;
}

/** Whether `outer` surely holds every pod of `inner`. */
export function isCovered(inner: Cover, outer: Cover): boolean {
  if (inner === nobody) return true;
  if (outer === nobody) return false;
  return [...outer].every(([key, taken]) => isWithin(inner.get(key) ?? anything, taken));
}

/** The same cover, or a larger one that a selector of bounded length can tell. */
export function tellable(cover: Cover): Cover {
  if (cover === nobody) return nobody;
  const told = new Map([...cover].map(([key, taken]) => [key, fewer(taken)] as const));
  // "one of some values, or no label" is nothing that a selector can ask for
  for (const [key, { absent, allBut, values }] of told)
    if (absent && (allBut ? values.size === 0 : values.size > 0)) told.delete(key);
  for (;;) {
    const texts = [...told].map(([key, taken]) => [key, textOf(key, taken)] as const);
    if (texts.reduce((sum, [, text]) => sum + text.length + 1, 0) <= longestText) return told;
    const [longest = ""] = texts.toSorted(([, a], [, b]) => b.length - a.length)[0] ?? [];
    const taken = told.get(longest) ?? anything;
    if (taken.absent || taken.values.size === 0) told.delete(longest);
    else told.set(longest, present);
  }
}

/** The same, or more where it takes too many values to tell. */
function fewer(taken: LabelValues): LabelValues {
  if (taken.values.size <= mostValues) return taken;
  return taken.absent ? anything : present;
}

/** The requirements of one key, in the grammar of `Parse` in `k8s.io/apimachinery/pkg/labels`. */
function textOf(key: string, { absent, allBut, values }: LabelValues): string {
  const list = [...values].toSorted();
  if (!allBut) {
    if (absent) return `!${key}`;
    return list.length === 1 ? `${key}=${list[0]}` : `${key} in (${list.join(",")})`;
  }
  const excluded = list.length === 0 ? [] : [`${key} notin (${list.join(",")})`];
  return [...(absent ? [] : [key]), ...excluded].join(",");
}

/** The label selector of a tellable cover, as the query of a list takes it: "" for every pod. Equal covers have equal texts. */
export function selectorText(cover: Requirements): string {
  return [...cover]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, taken]) => textOf(key, taken))
    .join(",");
}

/** A predicate: whether a pod with these labels is in the cover. */
export function coverMatcher(cover: Cover): (labels: Readonly<Record<string, string>>) => boolean {
  if (cover === nobody) return () => false;
  const all = [...cover];
  return (labels) => all.every(([key, taken]) => takes(taken, Object.hasOwn(labels, key) ? labels[key] : undefined));
}
