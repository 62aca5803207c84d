import { expect, test } from "vitest";
import { configMap, grant, mirror, pod, sightOf, worldOf } from "../testing/objects.ts";
import { disclosureMs, watchDisclosure } from "./disclosure.ts";

const inhabitants = { pods: [pod({ namespace: "b" })], mirrors: [mirror({ namespaces: ["a", "b"] })] };
const granted = worldOf({ ...inhabitants, grants: [grant()] });
const ungranted = worldOf(inhabitants);
const shown = sightOf([configMap({ data: { "b__pod-0_podName": "pod-0", x_podName: "x" } })]);

test("what nothing grants may be there for a while, and no longer", () => {
  const disclosure = watchDisclosure();
  expect(disclosure.look(0, granted, shown)).toEqual([]);
  expect(disclosure.look(100_000, ungranted, shown)).toEqual([]);
  expect(disclosure.look(100_000 + disclosureMs, ungranted, shown)).toEqual([]);
  expect(disclosure.look(100_001 + disclosureMs, ungranted, shown)).toEqual([
    { object: "mirror a/mirror-0", what: "b__pod-0_podName has been there for more than 5 s, and nothing grants it" },
  ]);
});

test("the time counts anew where it was granted, or gone, meanwhile, and from a reset on", () => {
  for (const meanwhile of ["granted", "gone", "reset"]) {
    const disclosure = watchDisclosure();
    disclosure.look(0, ungranted, shown);
    if (meanwhile === "granted") disclosure.look(1, granted, shown);
    if (meanwhile === "gone") disclosure.look(1, ungranted, sightOf([configMap()]));
    if (meanwhile === "reset") disclosure.reset();
    expect(disclosure.look(disclosureMs + 2, ungranted, shown)).toEqual([]);
  }
});
