import fc from "fast-check";
import { expect, test } from "vitest";
import { patchEveryMs, refreshStep, type RefreshStep, settledAnnotation, settleMs } from "./refresh.ts";

const patch = (annotation: string): RefreshStep => ({ do: "patch", annotation });
const wait = (ms: number): RefreshStep => ({ do: "wait", ms });
const nothing: RefreshStep = { do: "nothing" };

test.each<[string, string, number | undefined, number | undefined, boolean, RefreshStep]>([
  ["data that has just changed is told of at once", "a.2", 0, undefined, false, patch("b")],
  ["and so it is to a pod that was never told", "", 0, undefined, false, patch("b")],
  ["once more when it has been still for 2 s", "b", 2_000, 2_000, true, patch("b.2")],
  ["and not before", "b", 1_999, 1_999, true, wait(1)],
  ["its stillness counts, not that of the annotation", "b", 500, 1_700, true, wait(1_500)],
  ["data that has been still for 2 s is told of once", "a.2", 2_000, undefined, false, patch("b.2")],
  ["and so is data whose change nobody saw", "", undefined, undefined, false, patch("b.2")],
  ["a pod that was told less than 1 s ago waits", "a", 0, 400, true, wait(600)],
  ["for the settled form too", "b", 2_000, 400, true, wait(600)],
  ["but not for a change after the settled form that we wrote", "a.2", 0, 400, true, patch("b")],
  ["and so does one whose settled form is somebody else's", "x.2", 0, 400, false, wait(600)],
  ["or whose annotation somebody took away", "", undefined, 400, false, wait(600)],
  ["after 1 s it waits no longer", "a", 0, 1_000, true, patch("b")],
  ["whoever wrote what is there", "x.2", 0, 1_000, false, patch("b")],
  ["what was told in its settled form is told", "b.2", 0, 0, false, nothing],
  ["for ever", "b.2", undefined, undefined, false, nothing],
])("%s", (_, annotation, sinceShown, sinceTold, isOurs, step) => {
  expect(refreshStep({ annotation, wanted: "b", sinceShown, sinceTold, isOurs })).toEqual(step);
});

/** Something that happens after a while: our watch shows that the data is of a revision, or the operator is started anew. */
const happening = fc.record({
  afterMs: fc.integer({ min: 0, max: 2_500 }),
  what: fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom("a", "b", "c") },
    { weight: 1, arbitrary: fc.constant("restart" as const) },
  ),
});

/** The same, and somebody else writes the annotation, often and in a form that could be ours. */
const meddling = fc.record({
  afterMs: fc.oneof(fc.integer({ min: 0, max: 2_500 }), fc.integer({ min: 0, max: 50 })),
  what: fc.oneof(fc.constantFrom("a", "b"), fc.constantFrom("!x.2", "!a.2", "!b", "!")),
});

/** One pod over time: it is looked at when something happens and when it asked to be. */
function simulate(first: string) {
  let now = 0;
  let annotation = "";
  let wanted = first;
  let shownAt: number | undefined;
  let toldAt: number | undefined;
  let ours: string | undefined;
  let changes = 0;
  let dueAt = Number.POSITIVE_INFINITY;
  const patches: {
    readonly at: number;
    readonly annotation: string;
    readonly wanted: string;
    readonly stillFor: number;
  }[] = [];

  function look(): void {
    const since = (at: number | undefined) => (at === undefined ? undefined : now - at);
    const step = refreshStep({
      annotation,
      wanted,
      sinceShown: since(shownAt),
      sinceTold: since(toldAt),
      isOurs: ours === annotation,
    });
    dueAt = step.do === "wait" ? now + step.ms : Number.POSITIVE_INFINITY;
    if (step.do !== "patch") return;
    expect(step.annotation).not.toBe(annotation);
    annotation = step.annotation;
    ours = annotation;
    toldAt = now;
    patches.push({ at: now, annotation, wanted, stillFor: since(shownAt) ?? Number.POSITIVE_INFINITY });
    look();
  }

  function advance(ms: number): void {
    const until = now + ms;
    while (dueAt <= until) {
      now = dueAt;
      look();
    }
    now = until;
  }

  function happen(what: string): void {
    if (what === "restart") {
      // its first list shows all there is, and when it came to that is not known
      toldAt = annotation === "" ? undefined : now;
      ours = undefined;
    } else if (what.startsWith("!")) {
      annotation = what.slice(1);
    } else if (what !== wanted) {
      wanted = what;
      shownAt = now;
      changes++;
    }
    look();
  }
  look();
  return { patches, advance, happen, state: () => ({ annotation, wanted, now, changes }) };
}

test("the property: whatever changes when, the pod ends with the settled form of the last revision, and is told no more than need be", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 30 }), (happenings) => {
      const { patches, advance, happen, state } = simulate("a");
      for (const { afterMs, what } of happenings) {
        advance(afterMs);
        happen(what);
      }
      advance(settleMs + patchEveryMs);
      expect(state().annotation).toBe(settledAnnotation(state().wanted));

      const before = patches.length;
      advance(1_000_000);
      expect(patches).toHaveLength(before);
      for (const [index, { at, annotation, wanted, stillFor }] of patches.entries()) {
        const settled = annotation === settledAnnotation(wanted);
        expect(settled || annotation === wanted).toBe(true);
        expect(settled).toBe(stillFor >= settleMs);
        const last = patches[index - 1];
        if (last !== undefined && last.annotation === last.wanted) {
          expect(at - last.at).toBeGreaterThanOrEqual(patchEveryMs);
        }
        // one a second, and a settled one each two seconds, and one more
        for (const [earlier, { at: from }] of patches.slice(0, index).entries()) {
          expect(index - earlier - 1).toBeLessThanOrEqual((at - from) / patchEveryMs + (at - from) / settleMs + 1);
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

test("a pod that is told as often as can be is told three times in 2 s: each time that its data is still, it changes twice", () => {
  const { patches, advance, happen } = simulate("a");
  const cycle = () => ["c", "a"].forEach(happen);
  for (let round = 0; round < 10; round++) {
    cycle();
    advance(settleMs);
  }
  const inTheLongRun = patches.filter(({ at }) => at >= settleMs && at < 9 * settleMs);
  expect(inTheLongRun).toHaveLength(3 * 8);
});

test("the property: a change is told of at once to a pod that was left in peace for 1 s", () => {
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 10 }), (happenings) => {
      const { patches, advance, happen, state } = simulate("a");
      for (const { afterMs, what } of happenings) {
        advance(afterMs);
        happen(what);
      }
      advance(settleMs + 2 * patchEveryMs);
      const count = patches.length;
      happen(state().wanted === "a" ? "b" : "a");
      expect(patches).toHaveLength(count + 1);
    }),
  );
});

test("the property: whatever somebody else writes, the pod is told at most once a second, and once more for each change of the data", () => {
  fc.assert(
    fc.property(fc.array(meddling, { maxLength: 60 }), (happenings) => {
      const { patches, advance, happen, state } = simulate("a");
      for (const { afterMs, what } of happenings) {
        advance(afterMs);
        happen(what);
      }
      const { now, changes } = state();
      expect(patches.length).toBeLessThanOrEqual(1 + now / patchEveryMs + changes);
      for (const [index, { at, annotation, wanted }] of patches.slice(1).entries()) {
        const last = patches[index];
        if (last?.wanted === wanted) expect(at - last.at).toBeGreaterThanOrEqual(patchEveryMs);
        expect([wanted, settledAnnotation(wanted)]).toContain(annotation);
      }
      advance(settleMs + patchEveryMs);
      expect(state().annotation).toBe(settledAnnotation(state().wanted));
    }),
    { numRuns: 2_000 },
  );
});
