import { expect, test } from "vitest";
import { flagsOf } from "../test/flags.ts";
import { ambassadorOptions, configOf, warningsOf } from "./options.ts";

test("without arguments it serves reads on port 8001 of localhost, with kubectl proxy's defaults", () => {
  expect(configOf(flagsOf())).toEqual({
    address: { host: "127.0.0.1", port: 8001 },
    apiPrefix: "/",
    filter: {
      acceptHosts: [/^localhost$/s, /^127\.0\.0\.1$/s, /^\[::1\]$/s],
      acceptPaths: [/^.*/s],
      rejectPaths: [/^\/api\/.*\/pods\/.*\/exec/s, /^\/api\/.*\/pods\/.*\/attach/s],
      rejectMethods: [/^$/s],
      readOnly: true,
    },
    answerTimeoutMs: 65_000,
    drainTimeoutMs: 20_000,
    healthPort: undefined,
  });
});

test("every flag has its place in the configuration", () => {
  const flags = flagsOf(
    "--port=0",
    "--address=::1",
    "--api-prefix=/k8s",
    "--accept-hosts=a",
    "--accept-paths=b,c",
    "--reject-paths=",
    "--reject-methods=POST,PUT",
    "--read-only=false",
    "--answer-timeout=1000",
    "--drain-timeout=2000",
    "--health-port=8002",
  );
  expect(configOf(flags)).toEqual({
    address: { host: "::1", port: 0 },
    apiPrefix: "/k8s/",
    filter: {
      acceptHosts: [/a/s],
      acceptPaths: [/b/s, /c/s],
      rejectPaths: [],
      rejectMethods: [/POST/s, /PUT/s],
      readOnly: false,
    },
    answerTimeoutMs: 1_000,
    drainTimeoutMs: 2_000,
    healthPort: 8_002,
  });
});

test.each([
  [[], true],
  [["--read-only"], true],
  [["--read-only=true"], true],
  [["--read-only=false"], false],
])("%j is read-only: %s", (args, readOnly) => {
  expect(flagsOf(...args).readOnly).toBe(readOnly);
});

test("a Unix socket takes the place of the port", () => {
  expect(configOf(flagsOf("--unix-socket=/run/api.sock")).address).toEqual({ unixSocket: "/run/api.sock" });
  expect(() => configOf(flagsOf("--unix-socket=/run/api.sock", "--port=8002"))).toThrow("exclude each other");
});

test.each([
  ["--port", ["65536", "-1", "http", ""], "Give a port"],
  ["--accept-hosts", ["(", "a,*"], "Give regular expressions"],
  ["--accept-paths", ["["], "Give regular expressions"],
  ["--reject-paths", ["(?i)a"], "Give regular expressions"],
  ["--reject-methods", ["+"], "Give regular expressions"],
  ["--api-prefix", ["k8s", "", "/a?b", "/a#b", "/a%20b"], "Give a path"],
  ["--read-only", ["yes", "0", "False"], "Give true or false"],
  ["--answer-timeout", ["0", "1s", "86400001"], "Give milliseconds"],
  ["--drain-timeout", ["-1"], "Give milliseconds"],
  ["--health-port", ["x"], "Give a port"],
  ["--log-level", ["loud"], "Allowed choices are fatal, error"],
])("%s takes none of %j, and says what it takes", (flag, values, advice) => {
  for (const value of values) expect(() => flagsOf(`${flag}=${value}`)).toThrow(advice);
});

test("an address that others reach is warned of, with what they could do there", () => {
  for (const args of [[], ["--address=127.0.0.2"], ["--address=::1"], ["--address=0.0.0.0", "--unix-socket=/run/a"]]) {
    expect(warningsOf(flagsOf(...args))).toEqual([]);
  }
  expect(warningsOf(flagsOf("--address=0.0.0.0"))).toEqual([expect.stringContaining("reads all")]);
  expect(warningsOf(flagsOf("--address=::", "--read-only=false"))).toEqual([expect.stringContaining("does all")]);
});

test("every option can be given by a variable of its name, too", () => {
  for (const option of ambassadorOptions()) {
    expect(option.envVar).toBe(`AMBASSADOR_${option.name().replaceAll("-", "_").toUpperCase()}`);
  }
});
