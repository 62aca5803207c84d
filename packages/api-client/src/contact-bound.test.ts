import fc from "fast-check";
import { expect, test } from "vitest";
import { contactBound, createCadence, gapsThatTell } from "./contact-bound.ts";

/** As many gaps as tell the cadence, or more. */
const enough = (gap: fc.Arbitrary<number>) => fc.array(gap, { minLength: gapsThatTell, maxLength: 3 * gapsThatTell });
const anyGap = fc.double({ min: 0, max: 1e7, noNaN: true });

test("of a server that sent no bookmarks yet, and of kube-apiserver, it is 150 s", () => {
  expect(contactBound([])).toBe(150_000);
  expect(contactBound([60_000, 60_000, 60_000, 60_000, 58_000])).toBe(150_000);
});

test.each([
  [20_000, 50_000],
  [100_000, 250_000],
  [1_000, 30_000],
  [200_000, 300_000],
])("of bookmarks %d ms apart it is %d ms", (gap, bound) => {
  expect(contactBound(Array.from({ length: gapsThatTell }, () => gap))).toBe(bound);
});

test("it is 30 s to 5 min whatever came", () => {
  fc.assert(
    fc.property(fc.array(anyGap), (gaps) => {
      expect(contactBound(gaps)).toBeGreaterThanOrEqual(30_000);
      expect(contactBound(gaps)).toBeLessThanOrEqual(300_000);
    }),
  );
});

test("a server that goes on as it did is never given up: two bookmarks in a row may be lost, up to 2 min apart", () => {
  fc.assert(
    fc.property(enough(fc.double({ min: 0, max: 120_000, noNaN: true })), (gaps) => {
      const last = gaps.slice(-gapsThatTell);
      for (const gap of last) expect(contactBound(gaps)).toBeGreaterThanOrEqual(2 * gap);
    }),
  );
});

test("a few short gaps never make it shorter, as the one before the end of each stream is", () => {
  fc.assert(
    fc.property(fc.array(anyGap, { maxLength: gapsThatTell - 1 }), (gaps) => {
      expect(contactBound(gaps)).toBeGreaterThanOrEqual(150_000);
    }),
  );
});

test("a longer gap never makes it shorter", () => {
  fc.assert(
    fc.property(fc.array(anyGap, { minLength: 1 }), fc.nat(), anyGap, (gaps, index, more) => {
      const longer = gaps.with(index % gaps.length, (gaps[index % gaps.length] ?? 0) + more);
      expect(contactBound(longer)).toBeGreaterThanOrEqual(contactBound(gaps));
    }),
  );
});

test("what was long ago is forgotten", () => {
  fc.assert(
    fc.property(fc.array(anyGap), enough(anyGap), (before, since) => {
      expect(contactBound([...before, ...since])).toBe(contactBound(since));
    }),
  );
});

test("a gap is between two bookmarks of one stream: the time between two streams is none", () => {
  const cadence = createCadence();
  cadence.opened();
  for (let at = 0; at <= 3 * gapsThatTell; at++) cadence.bookmark(at * 20_000);
  expect(cadence.boundMs).toBe(50_000);
  cadence.opened();
  cadence.bookmark(10_000_000);
  expect(cadence.boundMs).toBe(50_000);
  cadence.bookmark(10_040_000);
  expect(cadence.boundMs).toBe(100_000);
});
