import type { Job } from "./contestant.ts";

/** How many pods a shard of ours has, where a mirror doesn't say otherwise in these measurements. */
export const peersPerShard = 50;

/**
 * What a program of `peers/` is told of a job. `perShard` is how many pods it puts into an object; 0: all into one, or as many as the job
 * lets it.
 */
export function jobEnvironment(job: Omit<Job, "login">, perShard: number): Readonly<Record<string, string>> {
  const { mostPerObject = 0 } = job;
  const limits = [perShard, mostPerObject].filter((limit) => limit > 0);
  return {
    KUBECONFIG: job.kubeconfigPath,
    BENCH_NAMESPACE: job.namespace,
    BENCH_APP: job.app,
    BENCH_CONFIG_MAP: job.configMap,
    BENCH_PEERS_PER_SHARD: String(limits.length === 0 ? 0 : Math.min(...limits)),
  };
}
