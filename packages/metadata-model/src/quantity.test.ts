import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isProblem } from "./problem.ts";
import { isZero, milliUnits, parseQuantity, type Quantity, wholeUnits } from "./quantity.ts";

function quantity(text: string): Quantity {
  const parsed = parseQuantity(text);
  if (isProblem(parsed)) throw new Error(parsed.message);
  return parsed;
}

const whole = (text: string) => wholeUnits(quantity(text));
const milli = (text: string) => milliUnits(quantity(text));

describe("a quantity is read exactly", () => {
  test.each([
    ["0", 0n, 0n],
    ["100m", 1n, 100n],
    ["1500m", 2n, 1500n],
    ["1", 1n, 1000n],
    ["+1", 1n, 1000n],
    ["007", 7n, 7000n],
    [".5", 1n, 500n],
    ["5.", 5n, 5000n],
    ["5.Ki", 5120n, 5_120_000n],
    ["0.1m", 1n, 1n],
    ["1n", 1n, 1n],
    ["1001u", 1n, 2n],
    ["2k", 2000n, 2_000_000n],
    ["1e3", 1000n, 1_000_000n],
    ["1E3", 1000n, 1_000_000n],
    ["1E", 10n ** 18n, undefined],
    ["1E-3", 1n, 1n],
    ["25e-1", 3n, 2500n],
    ["1.5Gi", 1_610_612_736n, 1_610_612_736_000n],
    ["1.0000000001Ki", 1025n, 1_024_001n],
    ["7Ei", 7n * 2n ** 60n, undefined],
    ["9007199254740993", 9_007_199_254_740_993n, 9_007_199_254_740_993_000n],
    ["0.000000000000000000000000000001", 1n, 1n],
    ["1e-2147483648", 1n, 1n],
  ])("%s is %d whole units and %d thousandths, rounded up", (text, inWhole, inMilli) => {
    expect(whole(text)).toBe(inWhole);
    if (inMilli !== undefined) expect(milli(text)).toBe(inMilli);
  });

  test("a negative one is rounded away from zero", () => {
    expect([whole("-1.5"), milli("-1.5"), whole("-1n")]).toEqual([-2n, -1500n, -1n]);
  });

  test("without digits it's zero, where Go takes it for zero", () => {
    for (const text of ["+", "-", ".", "m", "e5", "Ki", "Ti", ".E", "-.n"]) expect(quantity(text).unscaled).toBe(0n);
  });

  test("an exponent keeps the low 32 bits of its int64, as in Go", () => {
    expect(whole("5e4294967297")).toBe(50n);
    expect(whole("50e9223372036854775807")).toBe(5n);
    expect(whole("1.5e-2147483648")).toMatchObject({ reason: "Overflow" });
  });

  test("it's zero however zero is written", () => {
    for (const text of ["0", "-0", "0.000", "0Ki", "0e2147483647", "000m"]) expect(isZero(quantity(text))).toBe(true);
    expect(isZero(quantity("1n"))).toBe(false);
  });
});

describe("what a quantity can't be is a problem", () => {
  test.each([
    "",
    " ",
    "1 ",
    "1x",
    "one",
    "1.2.3",
    "--1",
    "1ki",
    "1K",
    "1mi",
    "1KiB",
    "1e",
    "1e+",
    "1e1.5",
    "1ee5",
    "0x10",
    "1_000",
    "Pi",
    "-Ei",
    "e-10",
    "1e9223372036854775808",
    "١",
  ])("%j is not a quantity", (text) => {
    expect(parseQuantity(text)).toMatchObject({
      reason: "InvalidQuantity",
      message: expect.stringContaining(JSON.stringify(text)),
    });
  });

  test("with a binary suffix the most there is stands for more", () => {
    expect(whole("8Ei")).toBe(2n ** 63n - 1n);
    expect(whole("-100Ei")).toBe(-(2n ** 63n) + 1n);
  });

  test("what doesn't fit an int64 is no number", () => {
    expect(whole("9223372036854775807")).toBe(2n ** 63n - 1n);
    for (const text of ["9223372036854775808", "10E", "1e19", "1e2147483647", "-1e300"]) {
      expect(whole(text)).toMatchObject({ reason: "Overflow" });
    }
    expect(milli("9223372036854775.807")).toBe(2n ** 63n - 1n);
    expect(milli("9223372036854775.808")).toMatchObject({ reason: "Overflow" });
  });

  test("a long text takes no longer than its length", () => {
    const digits = "9".repeat(50_000);
    expect(parseQuantity(`${digits}x`)).toMatchObject({ reason: "InvalidQuantity" });
    expect(parseQuantity(`1${"k".repeat(50_000)}`)).toMatchObject({ reason: "InvalidQuantity" });
    expect(whole(`0.${digits}`)).toBe(1n);
  });
});

test("the property: a number with a decimal suffix is that many thousandths, rounded up", () => {
  const suffixes = { n: 9, u: 6, m: 3, "": 0, k: -3, M: -6, e3: -3, "E-7": 7 };
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 10n ** 9n }),
      fc.constantFrom(...Object.entries(suffixes)),
      (number, [suffix, places]) => {
        const thousandths = places <= 3 ? number * 10n ** BigInt(3 - places) : -(-number / 10n ** BigInt(places - 3));
        const exact = places <= 3 || number % 10n ** BigInt(places - 3) === 0n;
        expect(milli(`${number}${suffix}`)).toBe(exact ? thousandths : thousandths + 1n);
      },
    ),
  );
});

test("the property: a number with a binary suffix is that many units, and its sign changes only the sign", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 4000n }), fc.nat({ max: 4 }), (number, index) => {
      const text = `${number}${["Ki", "Mi", "Gi", "Ti", "Pi"][index]}`;
      expect(whole(text)).toBe(number << BigInt(10 * (index + 1)));
      expect(whole(`-${text}`)).toBe(-(number << BigInt(10 * (index + 1))));
    }),
  );
});
