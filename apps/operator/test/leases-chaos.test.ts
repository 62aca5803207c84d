import { randomInt } from "node:crypto";
import process from "node:process";
import { leaseRecord, leases } from "../src/runtime/lease.ts";
import { podOf } from "../src/testing/terms.ts";
import { leaseNames } from "../src/shards/lease-names.ts";
import { shardOf } from "../src/shards/spread.ts";
import { chance } from "../src/testing/chance.ts";
import { judge } from "../src/testing/verdict.ts";
import { beforeAll, expect, test } from "vitest";
import { chaos } from "./chaos.ts";
import { createChurn } from "./churn.ts";
import { deployPath, useKubectl } from "./kubectl.ts";
import { audit, auditLog, operatorNamespace, startReplica } from "./replica-process.ts";
import { createScene, useSandbox } from "./support.ts";

/** `CHAOS_SEED` has the replicas struck in the same order, `CHAOS_SECONDS` for as long. */
const seed = Number(process.env["CHAOS_SEED"] ?? randomInt(2 ** 31));
const forMs = Number(process.env["CHAOS_SECONDS"] ?? 45) * 1_000;

const sandbox = useSandbox({ audit });
const kubectl = useKubectl(sandbox);
const names = leaseNames("metadata-mirror");
const tell = (line: string) => void process.stdout.write(`${line}\n`);

beforeAll(() => {
  const overlay = deployPath("overlays/cluster-wide-sharded");
  expect(kubectl(["apply", "--server-side", "-k", overlay])).toMatchObject({ status: 0, stderr: "" });
});

/** Who holds the Leases of so many shards, "" where nobody does: the names of pods. */
async function holders(shards: number): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { items } of sandbox.client.list(leases, { namespace: operatorNamespace })) {
    const ofShards = items.map(leaseRecord).filter(({ name }) => {
      const role = names.roleOf(name);
      return role?.type === "shard" && role.count === shards;
    });
    found.push(...ofShards.map(podOf));
  }
  return found;
}

test.each([
  { what: "one Lease", shards: 1, args: ["--leader-elect"] },
  { what: "six shards", shards: 6, args: ["--shards=6"] },
])(
  "three replicas with $what that are stopped for longer than it lasts, killed and started again while all changes: each write is its writer's to do, and in the end all is true",
  async ({ shards, args }) => {
    const random = chance(seed);
    tell(`chaos of ${shards} shards: CHAOS_SEED=${seed} CHAOS_SECONDS=${forMs / 1_000}`);
    const namespaces = Array.from({ length: 12 }, (_, i) => `of-${shards}-${i}`);
    const scenes = await Promise.all(namespaces.map((namespace) => createScene(sandbox.client, namespace)));
    const churn = await createChurn(sandbox.client, namespaces, chance(seed + 1));
    for (const scene of scenes) await scene.createMirror("peers");
    const before = (await auditLog(sandbox)).length;
    const over = new AbortController();
    const churning = churn.run(over.signal);

    await using calamity = await chaos({
      count: 3,
      start: (place, generation) => startReplica(sandbox, `of-${shards}-${place}-${generation}`, args),
      holders: () => holders(shards),
      random,
      forMs,
      tell,
    });
    over.abort();
    await churning;
    for (const { namespace, configMap } of scenes) {
      const data = async () => (await configMap("peers"))?.["data"];
      await expect.poll(data, { timeout: 40_000, interval: 50 }).toEqual(churn.truth(namespace));
    }
    const alive = calamity.running.map(({ pod }) => pod);
    const areHeld = async () => (await holders(shards)).every((holder) => alive.includes(holder));
    await expect.poll(areHeld, { timeout: 40_000, interval: 50 }).toBe(true);
    expect(await Promise.all(calamity.running.map((replica) => replica.stop()))).toEqual([0, 0, 0]);
    expect(new Set(await holders(shards))).toEqual(new Set([""]));

    const { objections, terms, ...counts } = judge({
      log: (await auditLog(sandbox)).slice(before),
      isReplica: (by) => by.startsWith(`of-${shards}-`),
      leaseOf: (namespace) => names.shard(shardOf(`${namespace}/peers`, shards), shards),
      resumedAt: calamity.resumedAt,
    });
    tell(`${JSON.stringify({ ...counts, terms: terms.length, struck: calamity.fates.length })}`);
    expect(objections.slice(0, 20), `CHAOS_SEED=${seed}`).toEqual([]);
    // it was no calm day: some were stopped, others took over from them, and all the while there was something to write
    expect(calamity.fates).toContain("pause");
    expect(terms.length).toBeGreaterThan(shards);
    expect(counts.writes).toBeGreaterThan(200);
  },
  forMs + 150_000,
);
