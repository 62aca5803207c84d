import { Command } from "commander";
import { expect, test } from "vitest";
import { defaultConfig } from "./config.ts";
import { configOf, type RunOptions, runOptions } from "./options.ts";

/** What `run` makes of the arguments; throws where it doesn't take them. */
function parse(...args: string[]): RunOptions {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  for (const option of runOptions()) command.addOption(option);
  return command.parse(args, { from: "user" }).opts();
}

test("without arguments it runs as by default", () => {
  expect(configOf(parse(), "operators")).toEqual(defaultConfig);
  expect(parse().logLevel).toBe("info");
});

test("every flag has its place in the configuration", () => {
  const options = parse(
    "--namespace=shop, shop-eu,shop",
    "--workers=3",
    "--write-bytes-per-second=8Mi",
    "--namespace-write-bytes-per-second=5000",
    "--min-write-interval=250",
    "--refresh-qps=200",
    "--health-port=8080",
    "--leader-elect",
    "--shards=12",
    "--lease-namespace=operators",
  );
  expect(configOf(options, undefined)).toEqual({
    namespaces: ["shop", "shop-eu"],
    workers: 3,
    writeBytesPerSecond: 8 * 1024 * 1024,
    namespaceWriteBytesPerSecond: 5_000,
    minWriteIntervalMs: 250,
    refreshQps: 200,
    healthPort: 8080,
    leases: { namespace: "operators", shards: 12 },
  });
});

test.each([
  [["--leader-elect"], { namespace: "own", shards: 1 }],
  [["--leader-elect=true", "--lease-namespace=other"], { namespace: "other", shards: 1 }],
  [["--shards=3"], { namespace: "own", shards: 3 }],
  [["--leader-elect=false", "--shards=3"], { namespace: "own", shards: 3 }],
  [["--leader-elect=false"], undefined],
  [["--lease-namespace=other"], undefined],
])("in a pod of the namespace own, %j is leases of %j", (args, leases) => {
  expect(configOf(parse(...args), "own").leases).toEqual(leases);
});

test.each(["--leader-elect", "--shards=2"])("outside a pod %s needs to be told where its Leases are", (arg) => {
  expect(() => configOf(parse(arg), undefined)).toThrow("give --lease-namespace");
});

test.each([
  ["--namespace", ["", " ", ",", " , "], "Give names of namespaces"],
  ["--workers", ["0", "1001", "-1", "1.5", "many", ""], "Give a whole number from 1 to 1000"],
  ["--write-bytes-per-second", ["0", "-4Mi", "4Mb", "lots", ""], "Give bytes"],
  ["--namespace-write-bytes-per-second", ["0", "1023"], "Give bytes"],
  ["--min-write-interval", ["-1", "1e3", "3600001", "1s"], "Give milliseconds"],
  ["--refresh-qps", ["0", "1001", "2.5", "all"], "Give a whole number from 1 to 1000"],
  ["--health-port", ["65536", "-1", "http"], "Give a port"],
  ["--leader-elect", ["yes", "1"], "Give true or false"],
  ["--shards", ["0", "257", "2.5", "many"], "Give a whole number from 1 to 256"],
  ["--lease-namespace", ["", "Operators", "a/b", "-a"], "Give the name of a namespace"],
  ["--log-level", ["loud"], "Allowed choices are fatal, error"],
])("%s takes none of %j, and says what it takes", (flag, values, advice) => {
  for (const value of values) expect(() => parse(`${flag}=${value}`)).toThrow(advice);
});

test("every option can be given by a variable of its name, too", () => {
  expect(runOptions().map(({ envVar }) => envVar)).toEqual([
    "METADATA_MIRROR_KUBECONFIG",
    "METADATA_MIRROR_CONTEXT",
    "METADATA_MIRROR_NAMESPACE",
    "METADATA_MIRROR_WORKERS",
    "METADATA_MIRROR_WRITE_BYTES_PER_SECOND",
    "METADATA_MIRROR_NAMESPACE_WRITE_BYTES_PER_SECOND",
    "METADATA_MIRROR_MIN_WRITE_INTERVAL",
    "METADATA_MIRROR_REFRESH_QPS",
    "METADATA_MIRROR_HEALTH_PORT",
    "METADATA_MIRROR_LEADER_ELECT",
    "METADATA_MIRROR_SHARDS",
    "METADATA_MIRROR_LEASE_NAMESPACE",
    "METADATA_MIRROR_LOG_LEVEL",
  ]);
});
