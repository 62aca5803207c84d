import { expect, test } from "vitest";
import { mirror, worldOf } from "../testing/objects.ts";
import { inTheWay, isUncertain } from "./in-the-way.ts";

const stranger = (name: string, namespace = "a") => ({ namespace, name, guise: "plain" }) as const;

test("what is in the way of a mirror has the name of one of its ConfigMaps", () => {
  const strangers = [stranger("mirror-0-2"), stranger("mirror-0"), stranger("mirror-0", "b"), stranger("mirror-1")];
  expect(inTheWay(mirror(), worldOf({ strangers })).toSorted((a, b) => a - b)).toEqual([0, 2]);
});

test("all ConfigMaps of that mirror are uncertain then, and those of no other", () => {
  const mirrors = [mirror(), mirror({ name: "mirror-1", configMap: "mirror-1" })];
  const world = worldOf({ mirrors, strangers: [stranger("mirror-0-2")] });
  const names = ["mirror-0", "mirror-0-7", "mirror-1", "else"];
  const uncertain = names.filter((name) => isUncertain({ namespace: "a", name }, world));
  expect(uncertain).toEqual(["mirror-0", "mirror-0-7"]);
});
