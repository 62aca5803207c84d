import { join } from "node:path";
import { kubectl } from "./cluster.ts";
import type { Host, Report } from "./host.ts";

const overlay = join(import.meta.dirname, "../../deploy/overlays/cluster-wide-refresh");

/** Deploys the operator from the manifests of deploy/, as a user would, and waits until its pod is ready. */
export async function deployOperator(host: Host, report: Report): Promise<void> {
  await kubectl(host, ["apply", "--server-side", "--force-conflicts", "-k", overlay], { report });
  const deployment = ["--namespace", "metadata-mirror", "deployment/metadata-mirror"];
  // the tag stays the same whatever is in the image
  await kubectl(host, ["rollout", "restart", ...deployment], { report });
  await kubectl(host, ["rollout", "status", "--timeout=120s", ...deployment], { report });
}
