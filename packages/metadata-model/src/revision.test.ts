import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ConfigMapState, configMapState } from "./config-map.ts";
import type { Mount } from "./consumer.ts";
import { changedKeys, revisions } from "./revision.ts";

type Data = Readonly<Record<string, string>>;

function state(name: string, data: Data, resourceVersion = "1"): ConfigMapState {
  return configMapState(
    { metadata: { namespace: "shop", name, uid: "u", resourceVersion }, data },
    (text) => `#${text}`,
  );
}

const all = (configMap: string): Mount => ({ configMap, keys: undefined });
const some = (configMap: string, ...keys: string[]): Mount => ({ configMap, keys });
const digest = (text: string) => `<${text}>`;

/** The revision of a pod that mounts so, where these ConfigMaps are known. */
function revision(mounts: readonly Mount[], ...states: readonly ConfigMapState[]): string | undefined {
  return revisions(digest)(mounts, (name) => states.find((one) => one.name === name));
}

const a = state("a", { x: "1", y: "2" });
const b = state("b", { x: "1" });

describe("a revision is another where what is mounted is", () => {
  const base = revision([all("a"), all("b")], a, b);

  test.each<[string, string | undefined]>([
    ["another value", revision([all("a"), all("b")], state("a", { x: "1", y: "3" }), b)],
    ["another key", revision([all("a"), all("b")], state("a", { x: "1", z: "2" }), b)],
    ["one key more", revision([all("a"), all("b")], state("a", { x: "1", y: "2", z: "" }), b)],
    ["a ConfigMap that is not there", revision([all("a"), all("b")], a)],
    [
      "data that changed places",
      revision([all("a"), all("b")], state("a", { x: "1" }), state("b", { x: "1", y: "2" })),
    ],
    ["picked keys", revision([some("a", "x", "y"), all("b")], a, b)],
  ])("%s", (_, other) => expect(other).not.toBe(base));

  test("the same data under another name", () => {
    const mounts = [all("a"), all("b")];
    expect(revision(mounts, state("a", { x: "1" }))).not.toBe(revision(mounts, state("b", { x: "1" })));
  });

  test("a key that is there no longer", () => {
    const mounts = [some("a", "x", "y")];
    expect(revision(mounts, state("a", { x: "1" }))).not.toBe(revision(mounts, a));
  });
});

describe("a revision is the same where what is mounted is", () => {
  test.each<[string, readonly Mount[], ConfigMapState]>([
    ["another version", [all("a")], state("a", { x: "1", y: "2" }, "7")],
    ["another order of keys", [all("a")], state("a", { y: "2", x: "1" })],
    ["a key that is not picked", [some("a", "x")], state("a", { x: "1", y: "3" })],
  ])("%s", (_, mounts, other) => expect(revision(mounts, other)).toBe(revision(mounts, a)));

  test("a ConfigMap that isn't known, or isn't there", () => {
    expect(revision([all("a"), all("other")], a)).toBe(revision([all("a")], a));
  });
});

test("who mounts nothing that is known has none", () => {
  expect(revision([])).toBeUndefined();
  expect(revision([all("b"), some("c", "x")], a)).toBeUndefined();
});

test("a ConfigMap is digested as a whole once for each state of it, however many mount it", () => {
  const digested: string[] = [];
  const revise = revisions((text) => String(digested.push(text)));
  for (const _ of [1, 2, 3]) revise([all("a")], () => a);
  expect(digested.filter((text) => text.includes("#2"))).toHaveLength(1);
});

test("the changed keys are those whose values differ, on either side", () => {
  expect(changedKeys(a, state("a", { y: "3", z: "" }))).toEqual(["x", "y", "z"]);
  expect(changedKeys(a, state("a", { y: "2", x: "1" }, "9"))).toEqual([]);
});

test("the property: of whoever mounts a ConfigMap, the revision turns just where a changed key is mounted", () => {
  const data = fc.dictionary(fc.constantFrom("x", "y", "z"), fc.constantFrom("1", "2"));
  const mount = fc
    .option(fc.subarray(["x", "y", "z"]), { nil: undefined })
    .map((keys): Mount => ({ configMap: "a", keys }));
  fc.assert(
    fc.property(data, data, mount, (before, after, one) => {
      const [old, fresh] = [state("a", before), state("a", after)];
      const concerned = changedKeys(old, fresh).some((key) => one.keys?.includes(key) ?? true);
      expect(revision([one], old) !== revision([one], fresh)).toBe(concerned);
    }),
  );
});
