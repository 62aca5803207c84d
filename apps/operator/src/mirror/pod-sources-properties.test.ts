import {
  consumerOf,
  coverMatcher,
  isReadable,
  labelMatcher,
  type MetadataMirror,
  peerNamespaces,
  planSources,
  podNeeds,
  type PodSource,
  sourceSelector,
} from "@metadata-mirror/metadata-model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { entryOf } from "../testing/entries.ts";
import { configMap, grant, mirror, podObject } from "../testing/objects.ts";
import { podSourcesRig } from "../testing/pod-sources-rig.ts";
import { keyOf } from "./interest.ts";

const namespaces = ["n1", "n2", "n3"];
const apps = ["a", "b", "c"];
const narrowEveryMs = 300_000;

const namespace = fc.constantFrom(...namespaces);
const name = fc.constantFrom("x", "y");
const nth = fc.nat(7);

/** What happens to the cluster, and what of it reaches us. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom("go" as const), nth }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("fail" as const), nth }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("pod" as const),
      namespace,
      name,
      app: fc.option(fc.constantFrom(...apps)),
      phase: fc.constantFrom("Running", "Running", "Failed"),
      mounts: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("end" as const), namespace, name }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("mirror" as const),
      namespace,
      name,
      selected: fc.subarray(apps),
      from: fc.option(fc.subarray(namespaces, { minLength: 1 })),
      immediate: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("gone" as const), namespace, name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("grant" as const, "revoke" as const), namespace }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("turn" as const), namespace, name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("spare" as const, "used" as const), namespace, name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("narrow" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("everybody" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The watches of pods, in a cluster of three namespaces of which more than two are watched at once. */
function simulate() {
  const others = new Set<string>();
  const woken = new Set<string>();
  const { server, stores, sources, settle, answer, end } = podSourcesRig({
    mostNamespaces: 2,
    isFollowed: (one) => !others.has(keyOf(one)),
    wake: (key) => woken.add(key),
  });
  sources.begin();
  let version = 0;
  const entry = <T extends { readonly namespace: string; readonly name: string }>(object: T) =>
    entryOf(object, String(++version));
  const spare = (of: string, mirrorName: string) =>
    configMap({ namespace: of, name: `${mirrorName}-1`, label: mirrorName });

  function play(one: Step): void {
    switch (one.do) {
      case "go":
      case "fail": {
        const watches = server.watches();
        watches[one.nth % watches.length]?.[one.do]();
        return;
      }
      case "pod": {
        const labels: Record<string, string> = one.app === null ? {} : { app: one.app };
        return server.put(podObject({ ...one, labels, mounts: one.mounts ? ["x"] : [] }));
      }
      case "end":
        return server.end(one.namespace, one.name);
      case "mirror": {
        const expression = { key: "app", operator: "In", values: one.selected };
        const selector = one.selected.length === 0 ? {} : { matchExpressions: [expression] };
        const peers = { selector, ...(one.from !== null && { namespaces: one.from }) };
        const consumers = { refreshPolicy: one.immediate ? "Immediate" : "KubeletSync" };
        return stores.mirrors.apply(entry(mirror({ ...one, generation: ++version, spec: { peers, consumers } })));
      }
      case "gone":
        return stores.mirrors.remove({ ...one, resourceVersion: String(++version) });
      case "grant":
        return stores.grants.apply(entry(grant(one.namespace, namespaces)));
      case "revoke":
        return stores.grants.remove(entry(grant(one.namespace, namespaces)));
      case "turn":
        if (!others.delete(keyOf(one))) others.add(keyOf(one));
        return sources.replan();
      case "spare":
        return stores.configMaps.apply(entry(spare(one.namespace, one.name)));
      case "used":
        return stores.configMaps.remove(entry(spare(one.namespace, one.name)));
      case "everybody":
        for (const watch of server.watches()) watch.go();
        return;
      case "narrow":
    }
  }

  /** Lets everything that is under way arrive. */
  async function arrive(): Promise<void> {
    for (let rounds = 0; rounds < 12; rounds++) await answer();
    for (let rest = server.version(); rest > 0; rest--) await answer();
  }

  return { server, stores, sources, others, woken, play, settle, arrive, end };
}

type Simulation = ReturnType<typeof simulate>;

/** What the mirror may see of a namespace: those that are its own, and those with a grant. */
function seenBy(one: MetadataMirror, { stores }: Simulation): readonly string[] {
  if (!isReadable(one)) return [];
  const isGranted = (of: string) => [...stores.grants.inNamespace(of)].length > 0;
  return peerNamespaces(one).filter((of) => of === one.namespace || isGranted(of));
}

const text = (of: readonly string[]) => of.toSorted().join(" ");

/** The pods of a namespace that the mirror selects, with their versions: as the store has them, and as the server had them. */
function selected(one: MetadataMirror, of: string, { stores, server }: Simulation) {
  const matches = labelMatcher(one.spec?.peers.selector ?? {});
  const held = [...stores.pods.inNamespace(of)].filter(({ labels }) => matches(labels));
  const standing = (version: number) =>
    server
      .at(version, of)
      .filter(({ metadata, ...pod }) => matches(metadata.labels ?? {}) && !isFailed(pod))
      .map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`);
  return {
    held: text(held.map((pod) => `${pod.name}@${pod.podIP}`)),
    at: (version: number) => text(standing(version)),
  };
}

const isFailed = (pod: Readonly<Record<string, unknown>>) =>
  (pod["status"] as { readonly phase: string }).phase === "Failed";

/** The pods of a namespace that mount a ConfigMap. */
function mounting(of: string, { stores, server }: Simulation) {
  const standing = (version: number) =>
    server.at(version, of).filter((pod) => !isFailed(pod) && consumerOf(pod).references.length > 0);
  return {
    held: text([...stores.consumers.inNamespace(of)].map(({ name: pod }) => pod)),
    at: (version: number) => text(standing(version).map(({ metadata }) => metadata.name ?? "")),
  };
}

/** The watches that the mirrors need, with their selectors. */
function needed(owned: readonly MetadataMirror[], world: Simulation): readonly PodSource[] {
  const needs = owned.filter(isReadable).flatMap((one) =>
    podNeeds(one, {
      isOpen: (of) => seenBy(one, world).includes(of),
      hasSurplus: world.stores.configMaps.get(one.namespace, `${one.name}-1`) !== undefined,
    }),
  );
  return planSources(needs, 2);
}

/** Checks that what is `held` is what there was at some version, no older than where it was the last time. */
function createProgress(version: () => number) {
  const reached = new Map<string, number>();
  return (what: string, { held, at }: { readonly held: string; readonly at: (version: number) => string }) => {
    let now = reached.get(what) ?? 0;
    while (now <= version() && at(now) !== held) now++;
    expect(now, `${what} holds "${held}", which nobody has seen since ${reached.get(what) ?? 0}`).toBeLessThanOrEqual(
      version(),
    );
    reached.set(what, now);
  };
}

test("who is covered is shown all its pods of one moment, and never an older one after a newer one; in the end nothing else is watched", async () => {
  const seen = { covered: 0, waiting: 0, narrowed: 0, all: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
      const world = simulate();
      const { server, stores, sources, others, woken, play, settle, arrive } = world;
      const progress = createProgress(server.version);
      let before = new Map<string, boolean>();

      /** Whether each mirror is covered; those that a step has not `touched` only come to be so, and are woken then. */
      function check(touched: (key: string) => boolean): void {
        const covered = new Map<string, boolean>();
        for (const one of stores.mirrors.all()) {
          const key = keyOf(one);
          if (!isReadable(one) || others.has(key)) continue;
          const isCovered = sources.covers(one);
          covered.set(key, isCovered);
          seen[isCovered ? "covered" : "waiting"]++;
          if (before.get(key) === true && !touched(key)) expect(isCovered).toBe(true);
          if (before.get(key) === false && isCovered && !touched(key)) expect([...woken]).toContain(key);
          for (const of of isCovered ? seenBy(one, world) : []) {
            progress(`${key}#${one.generation} in ${of}`, selected(one, of, world));
          }
        }
        for (const of of namespaces) if (sources.seesMounts(of)) progress(`mounts of ${of}`, mounting(of, world));
        before = covered;
      }

      for (const one of steps) {
        woken.clear();
        play(one);
        await settle(one.do === "narrow" ? narrowEveryMs : 0);
        if (one.do === "grant" || one.do === "revoke") check(() => true);
        else check((key) => "name" in one && one.do !== "pod" && key === keyOf(one));
        if (server.watches().some(({ scope }) => scope === "")) seen.all++;
      }

      woken.clear();
      await arrive();
      check(() => false);
      for (const one of stores.mirrors.all()) {
        if (others.has(keyOf(one))) continue;
        expect(isReadable(one) && sources.covers(one)).toBe(true);
        for (const of of seenBy(one, world)) {
          const { held, at } = selected(one, of, world);
          expect(held).toBe(at(server.version()));
        }
        if (needed([one], world).some(({ mounts }) => mounts)) expect(sources.seesMounts(one.namespace)).toBe(true);
      }
      const watches = server.watches().length;
      for (let rounds = 0; rounds < 3; rounds++) {
        await settle(narrowEveryMs);
        await arrive();
        check(() => false);
      }
      if (server.watches().length < watches) seen.narrowed++;
      const owned = [...stores.mirrors.all()].filter((one) => !others.has(keyOf(one)));
      if (owned.length === 0)
        expect([server.watches().length, stores.pods.size, stores.consumers.size]).toEqual([0, 0, 0]);
      const sourcesOf = new Map(needed(owned, world).map((source) => [source.namespace, source]));
      expect(new Map(server.watches().map(({ scope, labelSelector }) => [scope, labelSelector]))).toEqual(
        new Map([...sourcesOf].map(([scope, source]) => [scope, sourceSelector(source)])),
      );
      const sourceOf = (of: string) => sourcesOf.get("") ?? sourcesOf.get(of);
      for (const pod of stores.pods.all()) {
        expect(coverMatcher(sourceOf(pod.namespace)?.peers ?? "nobody")(pod.labels)).toBe(true);
      }
      for (const pod of stores.consumers.all()) expect(sourceOf(pod.namespace)?.mounts).toBe(true);
      await world.end();
      expect(server.watches()).toEqual([]);
    }),
    { numRuns: 300 },
  );
  for (const often of Object.values(seen)) expect(often).toBeGreaterThan(5);
}, 60_000);
