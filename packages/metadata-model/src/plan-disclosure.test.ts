import { hash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { apply, type Stored, states } from "../test/fake-api-server.ts";
import { grants, mirrors, pods } from "../test/arbitrary-world.ts";
import { world } from "../test/objects.ts";
import type { Digest } from "./config-map.ts";
import { labelMatcher } from "./label-selector.ts";
import type { MetadataGrant } from "./metadata-grant.ts";
import type { ReadableMirror } from "./metadata-mirror.ts";
import { planner } from "./plan.ts";
import type { PodMetadata } from "./pod-metadata.ts";
import type { World } from "./world.ts";

const digest: Digest = (text) => hash("sha256", text, "base64url").slice(0, 22);

/** What of a pod is found nowhere else, so that it can be traced, and the fields that show it. */
const traces: readonly [field: string, of: (pod: PodMetadata) => string][] = [
  ["metadata.name", ({ name }) => name],
  ["metadata.uid", ({ uid }) => uid],
  ["metadata.annotations['note']", ({ annotations }) => annotations["note"] ?? ""],
  ["spec.nodeName", ({ nodeName }) => nodeName],
  ["status.podIP", ({ podIP }) => podIP],
  ["the names of its containers", ({ containers }) => containers[0]?.name ?? ""],
];

/** Pods of which nothing traced is shared with another. */
const traceable = pods.map((all) =>
  all.map((pod, index): PodMetadata => {
    const trace = (of: string) => `${of}-trace-${index}-`;
    return {
      ...pod,
      name: trace("name"),
      uid: trace("uid"),
      annotations: { note: trace("note") },
      nodeName: trace("node"),
      podIP: trace("ip"),
      containers: [{ name: trace("container"), requests: {}, limits: {} }, ...pod.containers],
    };
  }),
);

/** What is granted of `pod` by all grants together, in the plainest way. */
function granted(pod: PodMetadata, all: readonly MetadataGrant[]): Set<string> {
  const concerned = all.filter(
    ({ namespace, spec }) =>
      namespace === pod.namespace &&
      spec?.from.some((from) => from.namespace === "shop") &&
      labelMatcher(spec.selector)(pod.labels),
  );
  const fields = new Set(concerned.flatMap(({ spec }) => spec?.fields.fieldPaths ?? []));
  if (fields.has("metadata.annotations")) fields.add("metadata.annotations['note']");
  return fields;
}

function pass(mirror: ReadableMirror, fields: Partial<World>, stored: Stored) {
  const plan = planner(mirror, digest)(world({ node: () => "forbidden", ...fields, existing: states(stored) }));
  return { plan, stored: apply(plan, stored) };
}
/** What can be read of a pass; of its patches what is stored thereafter, since they name the keys that they take away. */
const shown = ({ plan, stored }: ReturnType<typeof pass>) => JSON.stringify([...stored, plan.status, plan.problems]);

/** The fields of pods of other namespaces than the mirror's that can be read in `text`, as `<pod>: <field>`. */
function disclosed(
  text: string,
  all: readonly PodMetadata[],
  may: (pod: PodMetadata) => ReadonlySet<string>,
): string[] {
  return all
    .filter(({ namespace }) => namespace !== "shop")
    .flatMap((pod) => {
      const fields = may(pod);
      const read = traces.filter(([field, of]) => text.includes(of(pod)) && !fields.has(field));
      return read.map(([field]) => `${pod.name}: ${field}`);
    });
}

test("nothing of a pod of another namespace is written or said that isn't granted of that pod", () => {
  const found = { granted: 0 };
  fc.assert(
    fc.property(mirrors, traceable, grants, (mirror, all, some) => {
      const text = shown(pass(mirror, { pods: all, grants: some }, new Map()));
      expect(disclosed(text, all, (pod) => granted(pod, some))).toEqual([]);
      found.granted += disclosed(text, all, () => new Set()).length;
    }),
    { numRuns: 1500 },
  );

  expect(found.granted).toBeGreaterThan(30);
});

test("of what was granted and no longer is, nothing is left after one pass", () => {
  fc.assert(
    fc.property(mirrors, traceable, grants, fc.nat({ max: 4 }), (mirror, all, before, kept) => {
      const now = before.slice(0, kept);
      const { stored } = pass(mirror, { pods: all, grants: before }, new Map());
      const text = shown(pass(mirror, { pods: all, grants: now }, stored));
      expect(disclosed(text, all, (pod) => granted(pod, now))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("whether a mirror is authorized doesn't tell which pods there are", () => {
  const authorized = (mirror: ReadableMirror, fields: Partial<World>) =>
    planner(mirror, digest)(world(fields)).status.findings.find(({ type }) => type === "Authorized");
  fc.assert(
    fc.property(mirrors, pods, grants, (mirror, all, some) => {
      expect(authorized(mirror, { pods: all, grants: some })).toEqual(authorized(mirror, { grants: some }));
    }),
  );
});
