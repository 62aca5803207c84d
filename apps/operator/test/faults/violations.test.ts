import { expect, test } from "vitest";
import { createHistory } from "./history.ts";
import type { Version } from "./observer.ts";
import { type Data, truthOf } from "./truth.ts";
import { violations } from "./violations.ts";
import type { World, WorldPod } from "./world.ts";

const begin = performance.now();

/** A world in which all that violations look at has changed once, at the given times after its beginning. */
function changedWorld(): World {
  const pod = (name: string, rest: Partial<WorldPod> = {}): WorldPod => ({
    namespace: "own",
    name,
    app: "web",
    tier: "open",
    revs: createHistory("0"),
    from: begin,
    until: Infinity,
    ...rest,
  });
  const revs = {
    now: "1",
    states: [
      { state: "0", since: begin },
      { state: "1", since: begin + 100 },
    ],
    become: () => undefined,
  };
  return {
    namespaces: ["own", "other"],
    pods: [
      pod("stays", { revs }),
      pod("steady"),
      pod("db", { app: "db" }),
      pod("far", { namespace: "other" }),
      pod("seldom", { namespace: "other", tier: "odd" }),
      pod("gone", { until: begin + 100 }),
    ],
    cpus: {
      ...revs,
      now: "5",
      states: [
        { state: "4", since: begin },
        { state: "5", since: begin + 100 },
      ],
    },
    shifting: { now: "web", states: [{ state: "web", since: begin }], become: () => undefined },
    grants: {
      open: [{ from: begin, until: Infinity }],
      even: [],
      odd: [{ from: begin, until: begin + 100 }],
    },
    foreign: new Set(["7"]),
    change: () => Promise.resolve(),
    remember: () => () => undefined,
    end: () => Promise.resolve(),
  };
}

let versions = 100;
function version(name: string, data: Data, afterMs = 200, resourceVersion = `${versions++}`): Version {
  return { name, data, content: { data }, at: begin + afterMs, resourceVersion };
}

const world = changedWorld();
const truth = truthOf(world);
const allowed = { shownUntil: (end: number) => end + 50, withoutNodes: false, timeTravel: false };
const found = (...some: readonly Version[]) =>
  violations(world, some, allowed).map((what) => what.replace(/\d{3}/, "…"));

const without = (data: Data, part: string): Data =>
  Object.fromEntries(Object.entries(data).filter(([key]) => !key.includes(part)));
const of = (pod: string): Data => ({
  [`${pod}_name`]: pod,
  [`${pod}_rev`]: "0",
  [`${pod}_twin`]: "0",
  [`${pod}_cpu`]: "5",
});
const seldom: Data = Object.fromEntries(Object.entries(of("seldom")).map(([key, value]) => [`other__${key}`, value]));

test("there is nothing wrong with the truth", () => {
  expect(
    found(version("local", truth.local), version("across", truth.across), version("shifting", truth.shifting)),
  ).toEqual([]);
});

test.each<readonly [string, string, Data, string]>([
  ["a line of no pod", "local", { ...truth.local, foreign: "1" }, "has foreign, which is of no pod"],
  [
    "a state that never was",
    "local",
    { ...truth.local, stays_rev: "9", stays_twin: "9" },
    "has the labels 9 and 9 of stays",
  ],
  ["two states of one pod", "local", { ...truth.local, stays_rev: "0" }, "has the labels 0 and 1 of stays"],
  ["CPUs that the node never had", "local", { ...truth.local, stays_cpu: "9" }, "has the CPUs 9 of stays"],
  ["a line too few", "local", without(truth.local, "stays_cpu"), "has the CPUs undefined of stays"],
  ["a pod too few", "local", without(truth.local, "steady"), "lacks steady"],
  ["a pod of another namespace too few", "across", without(truth.across, "far"), "lacks far"],
  ["none of a selector", "shifting", {}, "lacks stays, steady, db"],
  ["a pod that isn't selected", "local", { ...truth.local, ...of("db") }, "has what isn't selected of db"],
  ["a pod that went long ago", "local", { ...truth.local, ...of("gone") }, "has the end of gone"],
  ["what no grant shows", "across", { ...truth.across, ...seldom }, "has what no grant shows of seldom"],
])("%s is wrong", (_, name, data, what) => {
  expect(found(version(name, data))).toContain(`${name} (version …) ${what}`);
});

test("a state is wrong before it was", () => {
  expect(found(version("local", truth.local, 50))).toContain("local (version …) has the labels 1 and 1 of stays");
});

test("what has ended may be shown for a moment", () => {
  expect(found(version("across", { ...truth.across, ...of("gone"), ...seldom }, 140))).toEqual([]);
});

test("an older state than in a version before is wrong, unless the server lost data", () => {
  const older = { ...truth.local, stays_rev: "0", stays_twin: "0", steady_cpu: "4" };
  const both = [version("local", truth.local), version("local", older, 300)];
  expect(found(...both)).toEqual([
    "local (version …) has stays's labels of before",
    "local (version …) has steady's CPUs of before",
  ]);
  expect(violations(world, both, { ...allowed, timeTravel: true })).toEqual([]);
});

test("a write that changes nothing is wrong, unless the server lost what was there", () => {
  expect(found(version("local", truth.local), version("local", truth.local, 300))).toEqual([
    "local (version …) is what was there already",
  ]);
  expect(found(version("local", truth.local, 200, "900"), version("local", truth.local, 300, "899"))).toEqual([]);
});

test("what somebody wrote by hand is his, and wrong if it is kept", () => {
  const edited = { ...truth.local, foreign: "1" };
  expect(found(version("local", edited, 200, "7"))).toEqual([]);
  expect(found(version("local", edited, 200, "7"), version("local", { ...edited, foreign: "2" }, 300))).toEqual([
    "local (version …) has foreign, which is of no pod",
  ]);
});

test("lines of a node may be missing where nodes may not be read", () => {
  const data = without(truth.local, "_cpu");
  expect(violations(world, [version("local", data)], { ...allowed, withoutNodes: true })).toEqual([]);
});
