import type { Contestant } from "./contestants/contestant.ts";
import { machineOf } from "./machine.ts";
import type { WorkloadResult } from "./result.ts";
import type { BenchOptions, Workload } from "./workloads/workload.ts";

/** Has each contestant made; those that can't be had here are left out, and it is said why. */
export async function prepared({
  contestants,
  host,
}: Pick<BenchOptions, "contestants" | "host">): Promise<readonly Contestant[]> {
  const ready: Contestant[] = [];
  for (const contestant of contestants) {
    host.report(`preparing ${contestant.name}`);
    try {
      await contestant.prepare(host);
      ready.push(contestant);
    } catch (error) {
      host.signal.throwIfAborted();
      host.report(`${contestant.name} is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return ready;
}

/** Runs one workload. */
export async function runWorkload(workload: Workload, options: BenchOptions): Promise<WorkloadResult> {
  const { host, rounds } = options;
  const begin = performance.now();
  host.report(`${workload.id}, ${workload.title}`);
  const contestants = options.contestants.filter(({ id }) => takesPart(id, workload));
  const report = (line: string): void => host.report(`${workload.id}: ${line}`);
  const cases = await workload.run({ ...options, contestants, host: { ...host, report } });
  host.report(`${workload.id} took ${((performance.now() - begin) / 1000).toFixed(0)} s`);
  return { id: workload.id, rounds, machine: await machineOf(host), cases };
}

function takesPart(id: string, { entrants }: Workload): boolean {
  return entrants === undefined || entrants.includes(id) || (isOperator(id) && entrants.includes("metadata-mirror"));
}

/** Whether a contestant is a build of the operator: they are named so by `--operator`. */
function isOperator(id: string): boolean {
  return id === "metadata-mirror" || id.startsWith("operator-");
}
