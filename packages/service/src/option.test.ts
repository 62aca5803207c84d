import { Command } from "commander";
import { expect, test } from "vitest";
import { asBoolean, optionsOf, portNumber, wholeNumber } from "./option.ts";

test("an option can be given by a variable of its name, with the program's prefix", () => {
  expect(optionsOf("METADATA_MIRROR")("-n, --health-port <port>", "").envVar).toBe("METADATA_MIRROR_HEALTH_PORT");
});

test.each(["0", "1001", "-1", "1.5", "1e2", "0x10", " 7", "many", ""])(
  "%j is no whole number from 1 to 1000",
  (text) => {
    expect(() => wholeNumber(1, 1_000, "Give one.")(text)).toThrow("Give one.");
  },
);

test.each([
  ["1", 1],
  ["1000", 1_000],
  ["007", 7],
])("%j is %d", (text, value) => {
  expect(wholeNumber(1, 1_000, "Give one.")(text)).toBe(value);
});

test("ports go from 0 to 65535", () => {
  expect([portNumber("0"), portNumber("65535")]).toEqual([0, 65_535]);
  expect(() => portNumber("65536")).toThrow("Give a port");
});

test.each([
  [[], false],
  [["--flag"], true],
  [["--flag=true"], true],
  [["--flag=false"], false],
])("%j is %s, as of Go's flags", (args, value) => {
  const option = asBoolean(optionsOf("TEST")("--flag [boolean]", ""), false);
  expect(new Command().addOption(option).parse(args, { from: "user" }).opts()).toEqual({ flag: value });
});

test("a boolean has two words only", () => {
  const option = asBoolean(optionsOf("TEST")("--flag [boolean]", ""), true);
  const command = new Command()
    .addOption(option)
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  for (const text of ["yes", "0", "False", "TRUE"]) {
    expect(() => command.parse([`--flag=${text}`], { from: "user" })).toThrow("Give true or false");
  }
});
