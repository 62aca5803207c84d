import { compareBytes } from "../format-map.ts";
import { type Allowance, stepsOf } from "./allowance.ts";
import { textOf } from "./template-text.ts";

/** A filter of Liquid. Nothing that it's given is changed. */
export type TemplateFilter = (value: unknown, ...args: unknown[]) => unknown;

/**
 * The filters of lists, as Liquid has them, with two differences: a property is the whole name of an item, dots and all, and
 * never code; and they take steps.
 */
export function listFilters(spend: Allowance["spend"]): Readonly<Record<string, TemplateFilter>> {
  const text = (value: unknown) => textOf(value, spend);
  const listOf = (value: unknown): readonly unknown[] => {
    const list = Array.isArray(value) ? value : isNil(value) ? [] : [value];
    spend(stepsOf(list.length));
    return list;
  };
  const read = (value: unknown, property: unknown): unknown =>
    isNil(property) ? value : ownProperty(value, text(property));
  const selected = (value: unknown, property: unknown, expected: unknown, isWanted: boolean) =>
    listOf(value).filter((one) => {
      spend(1);
      return matches(read(one, property), expected, text) === isWanted;
    });

  return {
    compact: (value) => listOf(value).filter((one) => !isNil(one)),
    concat: (value, more) => [...listOf(value), ...listOf(more)],
    first: (value) => (Array.isArray(value) ? value[0] : undefined),
    join: (value, separator = " ") => {
      const between = text(separator);
      const texts = listOf(value).map(text);
      spend(stepsOf(texts.length * between.length));
      return texts.join(between);
    },
    last: (value) => (Array.isArray(value) ? value.at(-1) : undefined),
    map: (value, property) => listOf(value).map((one) => read(one, property)),
    reject: (value, property, expected) => selected(value, property, expected, false),
    reverse: (value) => listOf(value).toReversed(),
    size: (value) => sizeOf(value),
    sort: (value, property) => sorted(listOf(value), (one) => read(one, property), spend),
    sum: (value, property) => listOf(value).reduce<number>((sum, one) => sum + numberOf(read(one, property)), 0),
    uniq: (value) => [...new Set(listOf(value))],
    where: (value, property, expected) => selected(value, property, expected, true),
  };
}

function isNil(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

function ownProperty(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

/** Without an expected value, whether there is one at all that isn't false. */
function matches(value: unknown, expected: unknown, text: (value: unknown) => string): boolean {
  if (expected === undefined) return !isNil(value) && value !== false;
  return typeof value === typeof expected && text(value) === text(expected);
}

function sizeOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}

function numberOf(value: unknown): number {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && !Number.isNaN(number) ? number : 0;
}

/** In the order of what `key` answers: numbers first, then texts by their bytes, then what has none. */
function sorted(list: readonly unknown[], key: (one: unknown) => unknown, spend: Allowance["spend"]): unknown[] {
  const keyed = list.map((one) => {
    const of = key(one);
    return { one, of: typeof of === "number" || isNil(of) ? of : textOf(of, spend) };
  });
  const characters = keyed.reduce((sum, { of }) => sum + (typeof of === "string" ? of.length : 0), 0);
  spend((list.length / 4 + stepsOf(characters)) * Math.log2(list.length + 1));
  const rank = (of: unknown) => (typeof of === "number" ? 0 : typeof of === "string" ? 1 : 2);
  return keyed
    .toSorted((a, b) => {
      if (typeof a.of === "number" && typeof b.of === "number") return a.of - b.of;
      if (typeof a.of === "string" && typeof b.of === "string") return compareBytes(a.of, b.of);
      return rank(a.of) - rank(b.of);
    })
    .map(({ one }) => one);
}
