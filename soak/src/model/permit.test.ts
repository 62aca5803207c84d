import { expect, test } from "vitest";
import { grant, mirror, pod, worldOf } from "../testing/objects.ts";
import type { Grant } from "../world/grant.ts";
import type { Mirror } from "../world/mirror.ts";
import { isAuthorized, permitted } from "./permit.ts";

const other = pod({ namespace: "b", labels: { app: "web", tier: "back" } });
const asks = (given: Partial<Mirror> = {}) => mirror({ namespaces: ["b"], ...given });
const all = ["metadata.name", "status.phase", "metadata.labels", "status.podIP"];

test("of its own namespace a mirror may show all, without a grant", () => {
  expect(permitted(mirror({ items: ["podIP", "cpu"] }), pod(), worldOf({}))).toEqual(["podIP", "cpu"]);
});

test.each<[string, Partial<Mirror>, Partial<Grant>[], readonly string[] | undefined]>([
  ["no grant", {}, [], undefined],
  ["one that gives all", {}, [{}], ["podName"]],
  ["one to another namespace", {}, [{ from: ["c"] }], undefined],
  ["one of another namespace's pods", {}, [{ namespace: "c" }], undefined],
  ["one of other pods", {}, [{ selector: [{ key: "app", operator: "In", values: ["db"] }] }], undefined],
  ["one without what it selects by", {}, [{ fields: ["metadata.name"] }], undefined],
  ["one without the name, which Files show", {}, [{ fields: ["status.phase"] }], undefined],
  [
    "two that give all together",
    {},
    [{ fields: ["status.phase"] }, { name: "g", fields: ["metadata.name"] }],
    ["podName"],
  ],
  ["one without an item", { items: ["podName", "podIP"] }, [{}], ["podName"]],
  ["one of a whole map, which covers its entries", { items: ["tier"] }, [{ fields: all }], ["tier"]],
  [
    "one of an entry, which doesn't cover the whole map",
    { items: ["labels", "tier"] },
    [{ fields: ["metadata.name", "status.phase", "metadata.labels['tier']"] }],
    ["tier"],
  ],
  [
    "one without the label of its selector",
    { selector: [{ key: "app", operator: "Exists", values: [] }] },
    [{}],
    undefined,
  ],
  ["one with nothing that JSON shows by itself", { formats: ["JSON"] }, [{ fields: ["status.phase"] }], []],
])("%s", (_, spec, grants, expected) => {
  expect(permitted(asks(spec), other, worldOf({ grants: grants.map(grant) }))).toEqual(expected);
});

test.each<[string, Partial<Mirror>, Partial<Grant>[], boolean]>([
  ["of its own namespace alone", { namespaces: ["a"] }, [], true],
  ["without a grant", {}, [], false],
  [
    "with all granted, if of no pods that there are",
    {},
    [{ selector: [{ key: "x", operator: "Exists", values: [] }] }],
    true,
  ],
  ["with an item that isn't granted", { items: ["podIP"] }, [{}], false],
  ["with one of two namespaces that grants nothing", { namespaces: ["b", "c"] }, [{}], false],
])("authorized %s: see the condition", (_, spec, grants, expected) => {
  expect(isAuthorized(asks(spec), worldOf({ grants: grants.map(grant) }))).toBe(expected);
});
