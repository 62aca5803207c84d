import { fakeClock } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { createFreshness } from "../runtime/freshness.ts";
import { mirror } from "../testing/objects.ts";
import { createDependence } from "./dependence.ts";

const cpu = { path: "cpu", resourceFieldRef: { containerName: "main", resource: "limits.cpu" } };
const own = mirror();
const shared = mirror({ spec: { peers: { selector: {}, namespaces: ["shop", "office", "lab"] } } });
const nodal = mirror({ spec: { items: [cpu] } });

const namespaces = ["shop", "office", "lab"];
const resources = ["metadatamirrors", "metadatagrants", "configmaps", "pods"];

/** Streams of all that there is, of each namespace or of all, each told something a second after the one before. */
async function start(scopes: readonly string[], nodesReadable = true) {
  const clock = fakeClock();
  const freshness = createFreshness({ clock, onTurn: () => undefined });
  const reports = new Map<string, ReturnType<typeof freshness.begin>>();
  const all = [
    ...resources.flatMap((resource) => scopes.map((scope) => [resource, scope] as const)),
    ["nodes", ""] as const,
  ];
  for (const [resource, scope] of all) {
    await clock.advance(1_000);
    const report = freshness.begin(resource, scope);
    report.contact("page", 150_000);
    reports.set(`${resource} ${scope}`.trim(), report);
  }
  const dependence = createDependence({
    freshness,
    isOpen: (_, namespace) => namespace !== "lab",
    nodesReadable: () => nodesReadable,
  });
  const on = (of: typeof own) => dependence.streams(of).map(({ resource, scope }) => `${resource} ${scope}`.trim());
  const report = (name: string) => reports.get(name) ?? expect.fail(`there is no stream of ${name}`);
  return { clock, freshness, dependence, on, report };
}

test("a mirror depends on mirrors, ConfigMaps and pods of its namespace, and on grants of others that it names, and pods of those that are open to it", async () => {
  const { on } = await start(namespaces);
  expect(on(own)).toEqual(["metadatamirrors shop", "configmaps shop", "pods shop"]);
  const theirs = ["metadatagrants lab", "metadatagrants office", "pods office"];
  expect(on(shared)).toEqual(["metadatamirrors shop", "configmaps shop", "pods shop", ...theirs]);
});

test("where one watch tells of all namespaces, it depends on that one", async () => {
  const { on } = await start([""]);
  expect(on(own)).toEqual(["metadatamirrors", "configmaps", "pods"]);
});

test("a mirror depends on nodes where it shows them and they may be read", async () => {
  expect((await start([""])).on(nodal)).toContain("nodes");
  expect((await start([""], false)).on(nodal)).not.toContain("nodes");
});

test("a mirror whose spec can't be read depends on its own change, and on nothing that it might mean", async () => {
  const { on } = await start(namespaces);
  expect(on(mirror({ spec: { peers: 7 } }))).toEqual(["metadatamirrors shop", "configmaps shop"]);
});

test("whether it is on a stream doesn't take the stream to be there still", async () => {
  const { dependence, report } = await start(namespaces);
  report("pods office").end();
  expect(dependence.isOn(shared, { resource: "pods", scope: "office" })).toBe(true);
  expect(dependence.isOn(shared, { resource: "pods", scope: "" })).toBe(true);
  expect(dependence.isOn(own, { resource: "pods", scope: "office" })).toBe(false);
  expect(dependence.isOn(own, { resource: "nodes", scope: "" })).toBe(false);
});

test("it's told of everything up to when the stream was that is behind the others; what told nothing yet doesn't count", async () => {
  const { clock, freshness, dependence, report } = await start([""]);
  expect(dependence.toldUntil(own)).toBe(1_000);
  report("metadatamirrors").contact("bookmark", 150_000);
  expect(dependence.toldUntil(own)).toBe(3_000);
  freshness.begin("pods", "shop");
  expect(dependence.toldUntil(own)).toBe(3_000);
  for (const name of ["configmaps", "pods"]) report(name).contact("event", 150_000);
  expect(dependence.toldUntil(own)).toBe(clock.now());
});

test("of several stale streams the one is told that is so for the longest time, with the second of its last contact", async () => {
  const { clock, dependence, report } = await start([""]);
  const fail = (name: string) => {
    for (const message of [`${name} are not to be had`, "the same again"])
      report(name).fault({ message, status: 500 }, 1_000);
  };
  expect(dependence.staleness(own)).toBeUndefined();
  await clock.advance(170_300);
  report("nodes").contact("event", 150_000);
  fail("pods");
  await clock.advance(1);
  fail("pods");
  expect(dependence.staleness(own)).toEqual({
    resource: "pods",
    namespace: "",
    lastContact: "1970-01-01T00:00:04Z",
    fault: "pods are not to be had",
  });
  fail("metadatamirrors");
  await clock.advance(1);
  fail("metadatamirrors");
  expect(dependence.staleness(own)).toMatchObject({ resource: "metadatamirrors", lastContact: "1970-01-01T00:00:01Z" });
  expect(dependence.staleness(nodal)).toMatchObject({ resource: "metadatamirrors" });
  for (const name of ["metadatamirrors", "pods"]) report(name).contact("page", 150_000);
  expect(dependence.staleness(own)).toBeUndefined();
});
