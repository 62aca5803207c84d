import { deleteCluster } from "./cluster.ts";
import { dump, failureFolder } from "./dump.ts";
import type { Host, Report } from "./host.ts";
import type { NodeInstallation } from "./node-base.ts";
import type { Step } from "./progress.ts";
import { up } from "./up.ts";

/** What it takes to bring the cluster up, and to say what was in the way. */
export interface BringUp {
  readonly host: Host;
  readonly node: NodeInstallation;
  readonly step: Step;
  /** Told why the first try failed, and where what the cluster said is kept. */
  readonly report: Report;
}

/**
 * Brings up what the tests need, twice where need be: what broke a cluster, above all one of an earlier run whose machine was
 * stopped, need not break a new one.
 *
 * @throws what was in the way the second time.
 */
export async function bringUp(given: BringUp): Promise<void> {
  const { host, step, report } = given;
  try {
    await tryOnce(given, "up");
  } catch (error) {
    if (host.signal.aborted) throw error;
    report(error instanceof Error ? error.message : String(error));
    report("once more, with a new cluster");
    await step("removing the cluster", (line) => deleteCluster(host, line));
    await tryOnce(given, "up again");
  }
}

async function tryOnce({ host, node, step, report }: BringUp, name: string): Promise<void> {
  try {
    await up(host, node, step);
  } catch (error) {
    if (host.signal.aborted) throw error;
    const folder = failureFolder(name);
    await dump(host, folder);
    report(`what the cluster says is in ${folder}`);
    throw error;
  }
}
