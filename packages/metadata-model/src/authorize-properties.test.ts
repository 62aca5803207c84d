import fc from "fast-check";
import { expect, test } from "vitest";
import { grants, mirrors, pods } from "../test/arbitrary-world.ts";
import { authorize } from "./authorize.ts";
import type { Format } from "./format.ts";
import { labelMatcher } from "./label-selector.ts";
import type { MetadataGrant } from "./metadata-grant.ts";
import type { ReadableMirror } from "./metadata-mirror.ts";
import type { PodMetadata } from "./pod-metadata.ts";

/** What each format shows by itself. */
const shown: Record<Format["type"], readonly string[]> = {
  Files: ["metadata.name"],
  JSON: [],
  Hosts: ["metadata.name", "metadata.namespace", "status.podIP", "status.podIPs"],
  PrometheusFileSD: ["status.podIP"],
  Env: ["metadata.name"],
  Template: [],
};

/** What DESIGN section 1 says of grants, word by word: the paths that `mirror` may show of `pod`, undefined where it may not know of it. */
function specified(mirror: ReadableMirror, all: readonly MetadataGrant[], pod: PodMetadata): string[] | undefined {
  const { peers, items, output } = mirror.spec;
  if (pod.namespace === mirror.namespace) return items.map(({ path }) => path);
  if (!peers.namespaces?.includes(pod.namespace)) return undefined;

  const triples: string[] = [];
  let concerned = false;
  for (const { namespace, spec } of all) {
    if (spec === undefined || namespace !== pod.namespace) continue;
    if (!spec.from.some((from) => from.namespace === mirror.namespace)) continue;
    if (!labelMatcher(spec.selector)(pod.labels)) continue;
    concerned = true;
    triples.push(...(spec.fields.fieldPaths ?? []), ...(spec.fields.resources ?? []));
  }
  const granted = (field: string) => triples.some((one) => one === field || field.startsWith(`${one}['`));

  const selected = [
    ...Object.keys(peers.selector.matchLabels ?? {}),
    ...(peers.selector.matchExpressions ?? []).map(({ key }) => key),
  ];
  const needed = selected.map((key) => `metadata.labels['${key}']`);
  if (peers.include === "Ready") needed.push("status.conditions['Ready']");
  if (peers.include === "Running") needed.push("status.phase");
  needed.push(...output.formats.flatMap(({ type }) => shown[type]));
  if (!concerned || !needed.every(granted)) return undefined;
  return items
    .filter(({ fieldRef, resourceFieldRef }) => granted(fieldRef?.fieldPath ?? resourceFieldRef?.resource ?? "none"))
    .map(({ path }) => path);
}

test("a mirror may see what the design says that it may, of each pod", () => {
  const seen = { nothing: 0, something: 0 };
  fc.assert(
    fc.property(mirrors, grants, pods, (mirror, all, some) => {
      const { permit } = authorize(mirror, all);
      for (const pod of some) {
        const expected = specified(mirror, all, pod);
        const permitted = permit(pod);
        expect(permitted && [...permitted.paths]).toEqual(expected);
        if (pod.namespace !== mirror.namespace) seen[expected === undefined ? "nothing" : "something"]++;
      }
    }),
    { numRuns: 1000 },
  );
  expect(Math.min(seen.nothing, seen.something)).toBeGreaterThan(100);
});

test("whoever takes grants away never shows more", () => {
  fc.assert(
    fc.property(mirrors, grants, pods, (mirror, all, some) => {
      const before = authorize(mirror, all);
      const after = authorize(mirror, all.slice(1));
      for (const pod of some) {
        const shown = before.permit(pod)?.paths ?? new Set();
        expect([...(after.permit(pod)?.paths ?? [])].filter((path) => !shown.has(path))).toEqual([]);
      }
    }),
  );
});

test("neither permits nor the condition depend on the order of grants", () => {
  fc.assert(
    fc.property(mirrors, grants, pods, (mirror, all, some) => {
      const one = authorize(mirror, all);
      const other = authorize(mirror, all.toReversed());
      expect(other.finding).toEqual(one.finding);
      expect(some.map(other.permit)).toEqual(some.map(one.permit));
    }),
  );
});
