import { describe, expect, test } from "vitest";
import { mirror } from "../test/objects.ts";
import type { ReadableMirror } from "./metadata-mirror.ts";
import {
  isSameSource,
  meets,
  mostNamespaces,
  type NeedContext,
  planSources,
  podNeeds,
  sourceSelector,
  widened,
} from "./source-plan.ts";

const open: NeedContext = { isOpen: () => true, hasSurplus: false };
const app = (name: string, more: object = {}) => ({ selector: { matchLabels: { app: name } }, ...more });
const immediate = { consumers: { refreshPolicy: "Immediate" as const } };

/** The sources of mirrors, as text: namespace, selector, and what is kept of them. */
function plan(mirrors: readonly ReadableMirror[], { context = open, most = mostNamespaces } = {}): string[] {
  const sources = planSources(
    mirrors.flatMap((one) => podNeeds(one, context)),
    most,
  );
  return sources.map((source) => `${source.namespace} [${sourceSelector(source)}]${source.mounts ? " mounts" : ""}`);
}

describe("pods are watched", () => {
  test.each<[string, readonly ReadableMirror[], readonly string[]]>([
    ["nowhere, without a mirror", [], []],
    ["in the mirror's namespace, those that it selects", [mirror({ peers: app("a") })], ["shop [app=a]"]],
    [
      "once for all mirrors that take peers from there",
      [mirror({ peers: app("a") }), mirror({ peers: app("b") })],
      ["shop [app in (a,b)]"],
    ],
    [
      "where the peers are, not where the mirror is",
      [mirror({ peers: app("a", { namespaces: ["office"] }) })],
      ["office [app=a]"],
    ],
    [
      "in each namespace by itself",
      [mirror({ peers: app("a", { namespaces: ["shop", "office"] }) }), mirror({ peers: app("b") })],
      ["office [app=a]", "shop [app in (a,b)]"],
    ],
    [
      "all those of the mirror's namespace, where they are refreshed",
      [mirror({ peers: app("a"), ...immediate })],
      ["shop [] mounts"],
    ],
    [
      "but others of it, where the peers are elsewhere",
      [mirror({ peers: app("a", { namespaces: ["office"] }), ...immediate })],
      ["office [app=a]", "shop [] mounts"],
    ],
    [
      "not at all, where no pod can match",
      [
        mirror({
          peers: {
            selector: {
              matchExpressions: [
                { key: "app", operator: "In", values: ["a"] },
                { key: "app", operator: "DoesNotExist" },
              ],
            },
          },
        }),
      ],
      [],
    ],
  ])("%s", (_, mirrors, expected) => {
    expect(plan(mirrors)).toEqual(expected);
  });

  test("all those of the mirror's namespace, where one of its ConfigMaps may go", () => {
    expect(plan([mirror({ peers: app("a") })], { context: { ...open, hasSurplus: true } })).toEqual(["shop [] mounts"]);
  });

  test("in other namespaces only where the mirror may see something", () => {
    const closed = { ...open, isOpen: (namespace: string) => namespace === "office" };
    const mirrors = [mirror({ peers: app("a", { namespaces: ["shop", "office", "attic"] }) })];
    expect(plan(mirrors, { context: closed })).toEqual(["office [app=a]", "shop [app=a]"]);
  });

  test("of too many namespaces in all of them at once, if that is allowed", () => {
    const inMany = (count: number) =>
      Array.from({ length: count }, (_, n) => mirror({ peers: app(`a${n % 2}`, { namespaces: [`n${n}`] }) }));
    expect(plan(inMany(mostNamespaces))).toHaveLength(mostNamespaces);
    expect(plan(inMany(mostNamespaces + 1))).toEqual([" [app in (a0,a1)]"]);
    expect(plan(inMany(mostNamespaces + 1), { most: Infinity })).toHaveLength(mostNamespaces + 1);
  });
});

describe("a source", () => {
  const [narrow, wide, refreshed] = [
    mirror({ peers: app("a") }),
    mirror({ peers: { selector: {} } }),
    mirror({ peers: app("a"), ...immediate }),
  ].map((one) => planSources(podNeeds(one, open), mostNamespaces)[0]);

  test.each([
    ["narrow", narrow, "narrow", narrow, true],
    ["wide", wide, "narrow", narrow, true],
    ["narrow", narrow, "wide", wide, false],
    ["wide", wide, "refreshed", refreshed, false],
    ["refreshed", refreshed, "narrow", narrow, true],
    // of a pod that only mounts, the metadata isn't kept
    ["refreshed", refreshed, "wide", wide, false],
  ])("that is %s tells what is asked of one that is %s", (...[, source, , need, expected]) => {
    if (source === undefined || need === undefined) throw new Error("no source was planned");
    expect(meets(source, need)).toBe(expected);
    expect(isSameSource(source, need)).toBe(source === need);
    expect([source, need].every((one) => meets(widened(source, need), one))).toBe(true);
  });
});
