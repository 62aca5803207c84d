import fc from "fast-check";
import { expect, test } from "vitest";
import { formatMap } from "../src/format-map.ts";
import { printableRanges } from "../src/go-printable.ts";
import { goQuote } from "../src/go-quote.ts";
import { map, text } from "./arbitraries.ts";
import { outcome, runs, useOracle } from "./oracle.ts";

const ask = useOracle();

test("the printable code points are Go's, all of them", async () => {
  const { value } = await ask({ op: "printable" });
  expect(printableRanges.trim().split(/\s+/)).toEqual(value.split(" "));
});

test("every code point there is is quoted as Go does it", async () => {
  const size = 0x1000;
  const blocks = Array.from({ length: 0x110000 / size }, (_, block) =>
    String.fromCodePoint(...Array.from({ length: size }, (_, index) => block * size + index)).toWellFormed(),
  );
  const answers = await Promise.all(blocks.map((block) => ask({ op: "quote", text: block })));
  expect(blocks.map(goQuote)).toEqual(answers.map(({ value }) => value));
});

test("any text is quoted as Go does it", async () => {
  await fc.assert(
    fc.asyncProperty(text, async (one) => {
      const { value } = await ask({ op: "quote", text: one.toWellFormed() });
      expect(goQuote(one)).toBe(value);
    }),
    runs,
  );
});

test("any map is written as Kubernetes does it", async () => {
  await fc.assert(
    fc.asyncProperty(map, async (one) => {
      expect({ value: formatMap(one) }).toEqual(outcome(await ask({ op: "formatMap", map: one })));
    }),
    runs,
  );
});
