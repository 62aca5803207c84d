import { expect, test } from "vitest";
import { jobEnvironment } from "./environment.ts";

const job = { kubeconfigPath: "/k", namespace: "shop", app: "web", configMap: "web-peers", logPath: "/l" };

test("a program is told of its job by environment variables", () => {
  expect(jobEnvironment(job, 0)).toEqual({
    KUBECONFIG: "/k",
    BENCH_NAMESPACE: "shop",
    BENCH_APP: "web",
    BENCH_CONFIG_MAP: "web-peers",
    BENCH_PEERS_PER_SHARD: "0",
  });
});

test.for([
  [0, undefined, "0"],
  [50, undefined, "50"],
  [0, 1_000, "1000"],
  [50, 1_000, "50"],
  [50, 20, "20"],
] as const)(
  "of shards of %s and at most %s in an object, it makes objects of %s",
  ([perShard, mostPerObject, expected]) => {
    const limited = mostPerObject === undefined ? job : { ...job, mostPerObject };
    expect(jobEnvironment(limited, perShard)["BENCH_PEERS_PER_SHARD"]).toBe(expected);
  },
);
