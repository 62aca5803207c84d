import { expect, test } from "vitest";
import { parseOwned, parsePort } from "./owned.ts";

test("the port is in the line that says that the operator is ready", () => {
  const log = `{"level":30,"msg":"starting"}\n{"level":30,"mirrors":1,"healthPort":40123,"msg":"ready"}\n`;
  expect(parsePort(log)).toBe(40_123);
  expect(() => parsePort(`{"msg":"starting"}\n`)).toThrow("it isn't ready");
});

test("what it owns is a metric without labels", () => {
  const metrics = "# TYPE metadata_mirror_mirrors_owned gauge\nmetadata_mirror_mirrors_owned 333\nother 5\n";
  expect(parseOwned(metrics)).toBe(333);
  expect(() => parseOwned("metadata_mirror_mirrors 1\n")).toThrow("don't tell");
});
