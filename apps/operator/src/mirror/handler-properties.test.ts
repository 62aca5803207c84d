import type { Consumer, MetadataMirror, PodMetadata } from "@metadata-mirror/metadata-model";
import fc from "fast-check";
import { expect, test } from "vitest";
import { consumer, mirror, pod, type PodSketch } from "../testing/objects.ts";
import { createHandler } from "./handler.ts";

const namespaces = ["shop", "office"];
const apps = ["web", "db"];
const namespace = fc.constantFrom(...namespaces);
const app = fc.constantFrom(...apps);

/** A mirror as a test can see through it. */
interface Sketch {
  readonly namespace: string;
  readonly name: string;
  /** What the pods are labelled that it selects; undefined means all. */
  readonly app: string | undefined;
  readonly from: readonly string[] | undefined;
}

const sketch: fc.Arbitrary<Sketch> = fc.record({
  namespace,
  name: fc.constantFrom("one", "two", "three"),
  app: fc.option(app, { nil: undefined }),
  from: fc.option(fc.subarray(namespaces, { minLength: 1 }), { nil: undefined }),
});

const somePod: fc.Arbitrary<PodSketch | undefined> = fc.option(
  fc
    .record({ app, phase: fc.constantFrom("Running", "Failed"), mounts: fc.subarray(["one", "two-1", "other"]) })
    .map(({ app: label, ...fields }) => ({ ...fields, labels: { app: label } })),
  { nil: undefined },
);

/** Something that happens: a mirror is put in place of any of its name, goes, or a pod changes. */
const happening = fc.oneof(
  fc.record({ what: fc.constantFrom("mirror" as const, "gone" as const), sketch }),
  fc.record({ what: fc.constant("pod" as const), namespace, before: somePod, after: somePod }),
);

const keyOf = (of: Sketch) => `${of.namespace}/${of.name}`;

function read({ namespace: own, name, app: label, from }: Sketch, generation: number): MetadataMirror {
  const selector = label === undefined ? {} : { matchLabels: { app: label } };
  return mirror({ namespace: own, name, generation, spec: { peers: { selector, ...(from && { namespaces: from }) } } });
}

/** What a person would say who reads the mirror: is the pod, as it was or as it is, one that it looks for? */
function looksFor(of: Sketch, one: PodMetadata | undefined): boolean {
  if (one === undefined || !(of.from ?? [of.namespace]).includes(one.namespace)) return false;
  return of.app === undefined || of.app === one.labels["app"];
}

const reads = (one: PodSketch | undefined, name: string) => one?.phase === "Running" && one.mounts?.includes(name);

/** Whether the pod read a ConfigMap of the mirror, and does no longer. */
function letGo(of: Sketch, before: Consumer | undefined, sides: readonly (PodSketch | undefined)[]): boolean {
  const shards = [of.name, `${of.name}-1`];
  return before?.namespace === of.namespace && shards.some((name) => reads(sides[0], name) && !reads(sides[1], name));
}

test("whatever mirrors come, change and go: a pod wakes those that look for it or did, and those whose ConfigMap it let go", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
      const woken = new Set<string>();
      const handler = createHandler((key) => woken.add(key));
      const known = new Map<string, { readonly sketch: Sketch; readonly mirror: MetadataMirror }>();
      for (const [index, one] of happenings.entries()) {
        woken.clear();
        if (one.what === "pod") {
          const sides = [one.before, one.after].map((side) => side && { ...side, namespace: one.namespace });
          const [before, after] = sides.map((side) => side && pod(side));
          const [consumed, consumes] = sides.map((side) => side && consumer(side));
          handler.pod({ before, after });
          handler.consumer({ before: consumed, after: consumes });
          const expected = [...known.values()]
            .map(({ sketch: of }) => of)
            .filter((of) => looksFor(of, before) || looksFor(of, after) || letGo(of, consumed, sides));
          expect(woken).toEqual(new Set(expected.map(keyOf)));
          continue;
        }
        const key = keyOf(one.sketch);
        const before = known.get(key)?.mirror;
        const after = one.what === "mirror" ? read(one.sketch, index + 1) : undefined;
        handler.mirror({ before, after });
        expect(woken).toEqual(new Set(before === undefined && after === undefined ? [] : [key]));
        if (after === undefined) known.delete(key);
        else known.set(key, { sketch: one.sketch, mirror: after });
      }
    }),
    { numRuns: 500 },
  );
});
