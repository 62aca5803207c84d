import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { apply, requests, type Stored, type StoredConfigMap, states, storedByHand } from "../test/fake-api-server.ts";
import { dnsName, grants, mirrors, path, pods } from "../test/arbitrary-world.ts";
import { digest, mirror, pod, world } from "../test/objects.ts";
import type { ReadableMirror } from "./metadata-mirror.ts";
import { planner } from "./plan.ts";
import type { PodMetadata } from "./pod-metadata.ts";
import type { World } from "./world.ts";

const nobody: Stored = new Map();

/** What is stored after one pass over `mirror`. */
function pass(of: ReadableMirror, fields: Partial<World>, stored: Stored): Stored {
  return apply(planner(of, digest)(world({ ...fields, existing: states(stored) })), stored);
}

/** What is stored after a few passes: peers that move are in two places before they leave one. */
function passes(of: ReadableMirror, fields: Partial<World>, stored: Stored): Stored {
  let after = stored;
  for (let round = 0; round < 4; round++) after = pass(of, fields, after);
  return after;
}

function expectNothingToDo(of: ReadableMirror, fields: Partial<World>, stored: Stored): void {
  const { create, patch, remove } = planner(of, digest)(world({ ...fields, existing: states(stored) }));
  expect({ create, patch, remove }).toEqual({ create: [], patch: [], remove: [] });
}

/** What someone may do to a ConfigMap of ours. */
const edits: Readonly<Record<string, (configMap: StoredConfigMap) => StoredConfigMap>> = {
  "a value": (one) => ({ ...one, data: Object.fromEntries(Object.keys(one.data ?? {}).map((key) => [key, "x"])) }),
  "a key more": (one) => ({ ...one, data: { ...one.data, "by-hand": "x" } }),
  "no data": ({ metadata }) => ({ metadata }),
  "binary data": (one) => ({ ...one, binaryData: { logo: "AA==" } }),
  "no label": (one) => ({ ...one, metadata: { ...one.metadata, labels: {} } }),
  "no owner": (one) => ({ ...one, metadata: { ...one.metadata, ownerReferences: [] } }),
  "no placement": (one) => ({ ...one, metadata: { ...one.metadata, annotations: {} } }),
  "another placement": (one) => {
    const annotations = { "metadatamirror.dev/placement": "#u0 #u1 #u2 #u3" };
    return { ...one, metadata: { ...one.metadata, annotations } };
  },
};
const drift = fc.dictionary(
  fc.constantFrom("web-peers", "web-peers-1", "web-peers-2"),
  fc.constantFrom(...Object.keys(edits), "deleted"),
);

function drifted(stored: Stored, changes: Readonly<Record<string, string>>): Stored {
  const left = [...stored.values()].filter(({ metadata: { name } }) => changes[name] !== "deleted");
  return storedByHand(...left.map((one) => edits[changes[one.metadata.name] ?? ""]?.(one) ?? one));
}

const situation = fc.record({
  mirror: mirrors,
  before: fc.record({ pods, grants }),
  drift,
  now: fc.record({ pods, grants }),
  mounted: fc.subarray(["web-peers-1", "web-peers-2"]).map((names) => (name: string) => names.includes(name)),
});

describe("a plan that was carried out", () => {
  test("leaves nothing to do after a few passes, whatever was there before and whatever someone did to it", () => {
    fc.assert(
      fc.property(situation, ({ mirror: of, before, drift: changes, now, mounted }) => {
        const stored = drifted(pass(of, before, nobody), changes);
        const fields = { ...now, mounted };
        expectNothingToDo(of, fields, passes(of, fields, stored));
      }),
      { numRuns: 300 },
    );
  });

  test("leaves nothing to do at once where no ConfigMap holds other peers than before", () => {
    const placements = (stored: Stored) => states(stored).map(({ name, placement }) => [name, placement]);
    const others = { note: "changed" };
    const seen = { writes: 0 };
    fc.assert(
      fc.property(situation, fc.boolean(), ({ mirror: of, before, drift: changes, mounted, now }, same) => {
        const pods = before.pods.map((one) => ({ ...one, podIP: "10.9.9.9", annotations: others }));
        const fields = same ? { ...before, pods, mounted } : { ...now, mounted };
        const stored = drifted(passes(of, before, nobody), changes);
        const after = pass(of, fields, stored);
        if (!isDeepStrictEqual(placements(after), placements(stored))) return;
        seen.writes += isDeepStrictEqual(after, stored) ? 0 : 1;
        expectNothingToDo(of, fields, after);
      }),
      { numRuns: 300 },
    );
    expect(seen.writes).toBeGreaterThan(20);
  });

  test("holds what a first plan would hold, though perhaps on other shards", () => {
    const files = (stored: Stored) =>
      Object.fromEntries(
        [...stored.values()].flatMap(({ data = {} }) => Object.entries(data)).filter(([key]) => key.includes("_")),
      );
    fc.assert(
      fc.property(situation, ({ mirror: of, before, drift: changes, now }) => {
        const roomy = { ...of, spec: { ...of.spec, output: { ...of.spec.output, maxShards: 50 } } };
        const stored = passes(roomy, now, drifted(pass(roomy, before, nobody), changes));
        expect(files(stored)).toEqual(files(pass(roomy, now, nobody)));
      }),
    );
  });

  test("leaves nothing to do in a few passes where others' ConfigMaps are in the way, and these as they are", () => {
    const others = fc.uniqueArray(fc.constantFrom("web-peers", "web-peers-1", "web-peers-2"));
    fc.assert(
      fc.property(situation, others, ({ mirror: of, now }, names) => {
        const theirs = storedByHand(
          ...names.map((name) => ({ metadata: { namespace: "shop", name }, data: { x: "y" } })),
        );
        const stored = passes(of, now, passes(of, now, theirs));
        expectNothingToDo(of, now, stored);
        for (const [name, configMap] of theirs) expect(stored.get(name)).toEqual(configMap);
      }),
    );
  });

  test("has left no peer out at any time that was there before and is there after", () => {
    const held = (stored: Stored) => new Set(states(stored).flatMap(({ placement }) => placement.split(" ")));
    const note = fc.nat({ max: 3500 });
    const peersPerShard = fc.integer({ min: 1, max: 8 });
    const change = fc.record({
      sizes: fc.array(fc.record({ before: note, now: note }), { maxLength: 12 }),
      before: peersPerShard,
      now: peersPerShard,
      gone: fc.nat({ max: 12 }),
    });
    const moved = { peers: 0 };
    fc.assert(
      fc.property(change, ({ sizes, before, now, gone }) => {
        const some = (when: "before" | "now") =>
          sizes
            .map((size, index) => pod({ name: `web-${index}`, annotations: { note: "x".repeat(size[when]) } }))
            .slice(when === "now" ? gone : 0);
        const items = [{ path: "note", fieldRef: { fieldPath: "metadata.annotations['note']" } }];
        const of = (perShard: number) => mirror({ items, output: { peersPerShard: perShard, maxShardSize: "4Ki" } });
        const old = pass(of(before), { pods: some("before") }, nobody);
        const fields = { pods: some("now") };
        const after = held(passes(of(now), fields, old));
        const staying = [...held(old)].filter((id) => after.has(id));
        let stored = old;
        for (let round = 0; round < 4; round++) {
          const plan = planner(of(now), digest)(world({ ...fields, existing: states(stored) }));
          for (const request of requests(plan)) {
            stored = request(stored);
            expect(staying.filter((id) => !held(stored).has(id))).toEqual([]);
          }
          moved.peers += plan.patch.filter(({ move }) => move === "takes").length;
        }
      }),
      { numRuns: 200 },
    );
    expect(moved.peers).toBeGreaterThan(10);
  });
});

test("the plan is the same bytes, in whatever order pods, labels, grants and ConfigMaps come", () => {
  const turned = (map: Readonly<Record<string, string>>) => Object.fromEntries(Object.entries(map).toReversed());
  fc.assert(
    fc.property(situation, ({ mirror: of, before, now }) => {
      const existing = states(pass(of, before, nobody));
      const plan = planner(of, digest)(world({ ...now, existing }));
      const other = planner(
        of,
        digest,
      )({
        ...world(now),
        pods: now.pods
          .toReversed()
          .map((one) => ({ ...one, labels: turned(one.labels), annotations: turned(one.annotations) })),
        grants: now.grants.toReversed(),
        existing: existing.toReversed(),
      });
      expect(JSON.stringify(other)).toBe(JSON.stringify(plan));
    }),
  );
});

test("one planner that goes on plans as a new one would", () => {
  fc.assert(
    fc.property(situation, ({ mirror: of, before, now }) => {
      const plan = planner(of, digest);
      const stored = apply(plan(world(before)), nobody);
      const fields = world({ ...now, existing: states(stored) });
      expect(plan(fields)).toEqual(planner(of, digest)(fields));
    }),
  );
});

test("one planner that goes on, of whose pods and nodes some change, plans as a new one would", () => {
  const turns = fc.array(
    fc.record({ changed: pods, fewer: fc.nat({ max: 2 }), allocatable: fc.constantFrom("", "", "1", "2") }),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(situation, turns, ({ mirror: of, before }, changes) => {
      const plan = planner(of, digest);
      let fields = world(before);
      let stored = apply(plan(fields), nobody);
      for (const { changed, fewer, allocatable } of changes) {
        const byName = new Map(changed.map((one) => [`${one.namespace}/${one.name}`, one]));
        const some = fields.pods.map((one) => byName.get(`${one.namespace}/${one.name}`) ?? one);
        // the very same list where nothing has changed, and the very same function
        const same = some.every((one, at) => one === fields.pods[at]) && fewer === 0;
        const node = (name: string) => ({ name, allocatable: { cpu: allocatable, memory: allocatable } });
        fields = {
          ...fields,
          pods: same ? fields.pods : some.slice(0, some.length - fewer),
          node: allocatable === "" ? fields.node : node,
          existing: states(stored),
        };
        const next = plan(fields);
        expect(next).toEqual(planner(of, digest)(fields));
        stored = apply(next, stored);
      }
    }),
    { numRuns: 300 },
  );
});

describe("whatever the names of pods, namespaces and items,", () => {
  const peer = fc.record({
    namespace: fc.constantFrom("shop", "b".repeat(63)),
    name: dnsName,
    labels: fc.constant({}),
  });
  const peers = fc
    .uniqueArray(peer, { selector: ({ namespace, name }) => `${namespace}/${name}`, maxLength: 30 })
    .map((all) =>
      all.map(
        (one, index): PodMetadata => pod({ ...one, uid: `u${index}`, annotations: { note: "ä€👍".repeat(index) } }),
      ),
    );
  const wide = fc
    .record({
      paths: fc.uniqueArray(path, { minLength: 1, maxLength: 5 }),
      peersPerShard: fc.integer({ min: 1, max: 9 }),
    })
    .map(({ paths, peersPerShard }) =>
      mirror({
        peers: { selector: {}, namespaces: ["shop", "b".repeat(63)] },
        items: paths.map((one) => ({ path: one, fieldRef: { fieldPath: "metadata.annotations['note']" } })),
        output: {
          peersPerShard,
          maxShardSize: "4Ki",
          formats: [{ type: "Files" }, { type: "JSON", key: "peers.json" }],
        },
      }),
    );
  const all = [
    {
      namespace: "b".repeat(63),
      name: "g",
      spec: {
        from: [{ namespace: "shop" }],
        selector: {},
        fields: { fieldPaths: ["metadata.name", "metadata.annotations", "status.phase"] },
      },
    },
  ];

  test("the API server takes every key, no two files are one, and no shard is past its limits", () => {
    fc.assert(
      fc.property(wide, peers, (of, some) => {
        const { create, status } = planner(of, digest)(world({ pods: some, grants: all }));
        const stored = apply({ create, patch: [], remove: [], problems: [], waiting: [], status }, nobody);
        for (const { name, data } of create) {
          const { values, placement } = data;
          const size = [...values].reduce(
            (sum, [key, { value }]) => sum + 2 * key.length + Buffer.byteLength(value),
            0,
          );
          expect(size).toBeLessThanOrEqual(data.size);
          expect(data.size).toBeLessThanOrEqual(4096);
          expect(placement.split(" ").length).toBeLessThanOrEqual(of.spec.output.peersPerShard);
          expect(Object.keys(stored.get(name)?.data ?? {}).length).toBe(values.size);
        }
        const keys = create.flatMap(({ data }) => [...data.values.keys()]);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});
