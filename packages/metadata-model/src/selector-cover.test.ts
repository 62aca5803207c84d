import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { labels, selector } from "../test/arbitrary-world.ts";
import { type LabelSelector, labelMatcher } from "./label-selector.ts";
import {
  coverMatcher,
  coverOf,
  everybody,
  isCovered,
  joined,
  nobody,
  selectorText,
  tellable,
} from "./selector-cover.ts";

type Requirement = NonNullable<LabelSelector["matchExpressions"]>[number];

const where = (...matchExpressions: Requirement[]): LabelSelector => ({ matchExpressions });
const isIn = (key: string, ...values: string[]): Requirement => ({ key, operator: "In", values });
const notIn = (key: string, ...values: string[]): Requirement => ({ key, operator: "NotIn", values });
const exists = (key: string): Requirement => ({ key, operator: "Exists" });
const lacks = (key: string): Requirement => ({ key, operator: "DoesNotExist" });

const coverOfAll = (...selectors: readonly LabelSelector[]) => tellable(selectors.map(coverOf).reduce(joined, nobody));
/** The text of the cover of these selectors, undefined where it is of no pod. */
const textOf = (...selectors: readonly LabelSelector[]) => {
  const cover = coverOfAll(...selectors);
  return cover === nobody ? undefined : selectorText(cover);
};
const many = (count: number, of: (n: number) => string) => Array.from({ length: count }, (_, n) => of(n));

describe("the API server is asked for", () => {
  test.each<[string, readonly LabelSelector[], string | undefined]>([
    ["every pod", [{}], ""],
    ["one label", [{ matchLabels: { app: "web" } }], "app=web"],
    ["an empty label", [{ matchLabels: { app: "" } }], "app="],
    [
      "several requirements, by key",
      [where(lacks("canary"), notIn("env", "y", "x"), isIn("app", "b", "a"), exists("zone"))],
      "app in (a,b),!canary,env notin (x,y),zone",
    ],
    ["a value among them that is empty", [where(isIn("app", "a", ""))], "app in (,a)"],
    ["a label that is there, but not with some value", [where(exists("app"), notIn("app", "a"))], "app,app notin (a)"],
    ["what several requirements of one key leave", [where(isIn("app", "a", "b"), notIn("app", "a"))], "app=b"],
    ["the values of all selectors", [{ matchLabels: { app: "a" } }, where(isIn("app", "b", "a"))], "app in (a,b)"],
    ["what all selectors exclude", [where(notIn("app", "a", "b")), where(notIn("app", "b", "c"))], "app notin (b)"],
    [
      "what one takes though another excludes it",
      [where(notIn("app", "a", "b")), where(isIn("app", "b"))],
      "app notin (a)",
    ],
    [
      "keys that all of them tell of",
      [{ matchLabels: { app: "a", tier: "x" } }, { matchLabels: { app: "b" } }],
      "app in (a,b)",
    ],
    [
      "every pod, where they have no key in common",
      [{ matchLabels: { app: "a" } }, { matchLabels: { tier: "x" } }],
      "",
    ],
    ["every pod, where one is for those without the label", [{ matchLabels: { app: "a" } }, where(lacks("app"))], ""],
    ["the label alone, where the values are too many", [where(isIn("app", ...many(65, (n) => `v${n}`)))], "app"],
    [
      "the label alone, where selectors have too many together",
      many(65, (n) => `v${n}`).map((app) => ({ matchLabels: { app } })),
      "app",
    ],
    [
      "the other keys, where too many values are excluded",
      [where(notIn("env", ...many(65, (n) => `v${n}`)), exists("app"))],
      "app",
    ],
    ["what a key says that an API server takes", [{ matchLabels: { "not a key": "a", app: "web" } }], "app=web"],
    ["no pod, where none can match", [where(isIn("app", "a"), lacks("app"))], undefined],
    ["no pod, where nobody asks", [], undefined],
    [
      "others' pods, where one can match none",
      [where(isIn("app", "a"), isIn("app", "b")), { matchLabels: { app: "c" } }],
      "app=c",
    ],
  ])("%s", (_, selectors, expected) => {
    expect(textOf(...selectors)).toBe(expected);
  });

  test("no more than a URL takes, of the longest keys least", () => {
    const long = (key: string, count: number) => isIn(key, ...many(count, (n) => `${n}`.padEnd(63, "x")));
    expect(textOf(where(long("a", 20), long("b", 30), isIn("c", "d")))).toMatch(/^a in \([^b]+\),b,c=d$/);
    const keys = many(32, (n) => `${"p".repeat(200)}/${n}`.padEnd(264, "x"));
    expect(textOf(where(...keys.map(exists)))?.length).toBeLessThanOrEqual(2_000);
  });
});

const selectors = fc.array(selector, { maxLength: 4 });

test("a cover holds every pod that one of its selectors matches, and one selector's holds no other", () => {
  const seen = { matched: 0, not: 0 };
  fc.assert(
    fc.property(selectors, fc.array(labels, { maxLength: 6 }), (all, pods) => {
      const isHeld = coverMatcher(coverOfAll(...all));
      for (const pod of pods) {
        if (all.some((one) => labelMatcher(one)(pod))) expect(isHeld(pod)).toBe(true);
        for (const one of all) expect(coverMatcher(coverOf(one))(pod)).toBe(labelMatcher(one)(pod));
        seen[isHeld(pod) ? "matched" : "not"]++;
      }
    }),
    { numRuns: 2_000 },
  );
  expect(Math.min(seen.matched, seen.not)).toBeGreaterThan(1_000);
});

/** All labels that the arbitrary selectors can tell apart. */
const everyLabels = [undefined, "web", "db", "", "other"].flatMap((app) =>
  [undefined, "web", "db", "", "other"].flatMap((tier) =>
    [undefined, "web", "db", "", "other"].map((zone) =>
      Object.fromEntries(
        Object.entries({ app, tier, "example.com/zone": zone }).flatMap(([key, value]) =>
          value === undefined ? [] : [[key, value] as const],
        ),
      ),
    ),
  ),
);

test("one cover is in another where, and only where, each of its pods is", () => {
  const seen = { within: 0, not: 0 };
  fc.assert(
    fc.property(selectors, selectors, (some, others) => {
      const [inner, outer] = [coverOfAll(...some), coverOfAll(...others)];
      const [isInner, isOuter] = [coverMatcher(inner), coverMatcher(outer)];
      const expected = everyLabels.every((pod) => !isInner(pod) || isOuter(pod));
      expect(isCovered(inner, outer)).toBe(expected);
      seen[expected ? "within" : "not"]++;
      for (const one of some) expect(isCovered(coverOf(one), inner)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
  expect(Math.min(seen.within, seen.not)).toBeGreaterThan(50);
});

test("every pod and no pod are the ends", () => {
  expect([isCovered(nobody, nobody), isCovered(everybody, nobody), isCovered(nobody, everybody)]).toEqual([
    true,
    false,
    true,
  ]);
  expect([joined(nobody, everybody), joined(everybody, nobody), tellable(nobody)]).toEqual([
    everybody,
    everybody,
    nobody,
  ]);
});
