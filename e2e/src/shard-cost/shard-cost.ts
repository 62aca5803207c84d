import { machineOf } from "../evidence/machine.ts";
import { inNamespace } from "../evidence/namespace.ts";
import { expectOneClock } from "../evidence/one-clock.ts";
import type { Surroundings } from "../evidence/surroundings.ts";
import { annotationOf, type Contestant, createContestant } from "./contestant.ts";
import { kubeletCpuMs } from "./kubelet.ts";
import { createPeers } from "./peers.ts";
import { type Spent, type Summary, summarise, type Turn } from "./summary.ts";

export interface ShardCostOptions {
  readonly peers: number;
  /** How often each takes its turn; of the turns the medians count. */
  readonly rounds: number;
  /** Changes of a turn, and looks. */
  readonly changes: number;
}

export interface ShardCostResult extends ShardCostOptions, Summary {
  /** What it was measured on. */
  readonly machine: string;
}

/** In how many shards the peers are; 100 peers a shard, the default, is 20. */
const shardCounts = [1, 8, 20, 64] as const;

/** A pod is patched at most once a second, and syncs that come too close are one. */
const betweenMs = 1_200;
/** After the last change the pod is patched once more, 2 s later: that belongs to it. */
const settleMs = 3_000;
const restMs = 6_000;

/**
 * Measures what the same peers cost the kubelet of a consumer in few and in many shards, each number of them taking its turns in one run
 * and each round beginning with another.
 */
export async function measureShardCost(
  surroundings: Surroundings,
  options: ShardCostOptions,
): Promise<ShardCostResult> {
  await expectOneClock(surroundings);
  return inNamespace(surroundings, "shard-cost", async (namespace) => {
    await using stack = new AsyncDisposableStack();
    const annotations = Object.fromEntries(shardCounts.map((shards) => [annotationOf(shards), "0"]));
    await createPeers(surroundings, namespace, options.peers, annotations);
    const contestants: Contestant[] = [];
    for (const shards of shardCounts) {
      contestants.push(stack.use(await createContestant(surroundings, namespace, options.peers, shards)));
    }
    const turns = await takeTurns(surroundings, options, contestants);
    return { ...options, ...summarise(turns), machine: await machineOf(surroundings) };
  });
}

async function takeTurns(
  surroundings: Surroundings,
  { rounds, changes }: ShardCostOptions,
  contestants: readonly Contestant[],
): Promise<readonly Turn[]> {
  const turns: Turn[] = [];
  // the first round warms up, and doesn't count
  for (let round = 0; round <= rounds; round++) {
    const first = round % contestants.length;
    for (const contestant of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      surroundings.report(`round ${round} of ${rounds}: ${contestant.shards} shards`);
      const turn = await takeTurn(surroundings, contestant, changes);
      if (round > 0) turns.push(turn);
    }
  }
  return turns.toSorted((a, b) => a.shards - b.shards);
}

async function takeTurn({ host, clock }: Surroundings, contestant: Contestant, changes: number): Promise<Turn> {
  const pause = (ms: number) => clock.sleep(ms, host.signal);
  const spentOn = async (work: () => Promise<void>): Promise<Spent> => {
    const [cpu, at] = [await kubeletCpuMs(host), clock.monotonic()];
    await work();
    return { cpuMs: (await kubeletCpuMs(host)) - cpu, tookMs: clock.monotonic() - at };
  };
  const repeat = async (act: () => Promise<unknown>) => {
    for (let count = 0; count < changes; count++) {
      host.signal.throwIfAborted();
      await act();
      await pause(betweenMs);
    }
  };
  const fileMs: number[] = [];
  const changed = await spentOn(async () => {
    await repeat(async () => fileMs.push(await contestant.change()));
    await pause(settleMs);
  });
  const looked = await spentOn(() => repeat(contestant.look));
  const rested = await spentOn(() => pause(restMs));
  const shardBytes = await contestant.shardBytes();
  return { shards: contestant.shards, fileMs, changed, looked, rested, shardBytes };
}
