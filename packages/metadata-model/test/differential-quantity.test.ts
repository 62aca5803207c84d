import fc from "fast-check";
import { expect, test } from "vitest";
import { isProblem } from "../src/problem.ts";
import { milliUnits, parseQuantity, type Quantity, wholeUnits } from "../src/quantity.ts";
import { quantity } from "./arbitraries.ts";
import { type Answer, outcome, runs, useOracle } from "./oracle.ts";

const ask = useOracle();

/** `digits × 10^exponent`, written in one way only. */
function canonical(digits: string, exponent: number): string {
  const [, significant = "", zeros = ""] = /^(.*?)(0*)$/.exec(digits) ?? [];
  return significant === "" || significant === "-" ? "0" : `${significant}e${exponent + zeros.length}`;
}

/** The answers of the oracle about a quantity. */
function kubernetesQuantity({ value }: Answer) {
  const [whole = "", milli = "", digits = "", exponent = ""] = value.split(/[ e]/);
  return { whole: BigInt(whole), milli: BigInt(milli), exact: canonical(digits, Number(exponent)) };
}

const exact = ({ unscaled, scale }: Quantity) => canonical(String(unscaled), scale);

test("any quantity is read exactly as Kubernetes does it, or equally refused", async () => {
  await fc.assert(
    fc.asyncProperty(quantity, async (one) => {
      const answer = await ask({ op: "quantity", text: one });
      const parsed = parseQuantity(one);
      expect(isProblem(parsed)).toBe(outcome(answer) === "error");
      if (isProblem(parsed)) return;
      const theirs = kubernetesQuantity(answer);
      expect(exact(parsed)).toBe(theirs.exact);

      // the intended differences of the two tests below
      if (parsed.unscaled < 0n) return;
      const [whole, milli] = [wholeUnits(parsed), milliUnits(parsed)];
      if (!isProblem(whole)) expect(whole).toBe(theirs.whole);
      if (!isProblem(milli)) expect(milli).toBe(theirs.milli);
    }),
    { numRuns: 2 * runs.numRuns },
  );
});

test("an exponent wraps as in Go", async () => {
  for (const one of [
    "5e4294967297",
    "5e-4294967295",
    "1e9223372036854775807",
    "1e-9223372036854775807",
    "7e4294967294",
    "1.5e-2147483648",
  ]) {
    const parsed = parseQuantity(one);
    const theirs = kubernetesQuantity(await ask({ op: "quantity", text: one }));
    expect(isProblem(parsed) || exact(parsed)).toBe(theirs.exact);
  }
  const { error } = await ask({ op: "quantity", text: "1e9223372036854775808" });
  expect([typeof error, isProblem(parseQuantity("1e9223372036854775808"))]).toEqual(["string", true]);
});

test("the intended difference: past int64 Kubernetes answers a wrong number, and we a problem", async () => {
  await fc.assert(
    fc.asyncProperty(quantity, async (one) => {
      const parsed = parseQuantity(one);
      if (isProblem(parsed) || parsed.unscaled < 0n) return;
      const theirs = kubernetesQuantity(await ask({ op: "quantity", text: one }));
      const milli = milliUnits(parsed);
      if (isProblem(milli)) expect(canonical(String(theirs.milli), -3)).not.toBe(exact(parsed));
    }),
    runs,
  );
  const wrong = [
    ["1e19", 0n],
    ["10E", 0n],
    ["18446744073709551616", 0n],
  ] as const;
  for (const [one, answered] of wrong) {
    const parsed = parseQuantity(one);
    expect(isProblem(parsed) || wholeUnits(parsed)).toMatchObject({ reason: "Overflow" });
    expect(kubernetesQuantity(await ask({ op: "quantity", text: one })).whole).toBe(answered);
  }
});

test("the intended difference: a negative one, which no pod can have, Kubernetes rounds now up, now down", async () => {
  const rounded = await Promise.all(
    ["-1.5", "-1.5000000000000000000"].map((one) => ask({ op: "quantity", text: one })),
  );
  expect(rounded.map((answer) => kubernetesQuantity(answer).whole)).toEqual([-2n, 0n]);
  fc.assert(
    fc.property(quantity, (one) => {
      const parsed = parseQuantity(one);
      if (isProblem(parsed)) return;
      const negative = { ...parsed, unscaled: -parsed.unscaled };
      for (const units of [wholeUnits, milliUnits]) {
        const amount = units(parsed);
        if (!isProblem(amount) && amount !== -(2n ** 63n)) expect(units(negative)).toBe(-amount);
      }
    }),
    runs,
  );
});
