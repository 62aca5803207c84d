import { expect, test } from "vitest";
import { warningsOf } from "./warnings.ts";

test.each([
  ["https://10.0.0.1:6443", false],
  ["http://localhost:8080", false],
  ["http://127.0.0.1:8001/prefix", false],
  // there is no TLS to verify
  ["http://localhost:8080", true],
])("nothing is to be said of %s, insecure: %s", (server, insecure) => {
  expect(warningsOf(server, insecure)).toEqual([]);
});

test("plain http to another machine, and TLS that isn't verified, are warned of with what that means", () => {
  expect(warningsOf("http://10.0.0.1:8080")).toEqual([
    expect.stringMatching(/^http:\/\/10\.0\.0\.1:8080 is plain http to another machine: .*tokens.* Use https\.$/),
  ]);
  expect(warningsOf("https://10.0.0.1", true)).toEqual([
    expect.stringMatching(/^TLS verification of https:\/\/10\.0\.0\.1 is off .*gets our token/),
  ]);
});
