import { join } from "node:path";
import { kubectl, loadImage } from "./cluster.ts";
import { type Host, type Report, run } from "./host.ts";
import type { NodeBase } from "./node-base.ts";

const root = join(import.meta.dirname, "../..");
/** As deploy/base names it. */
export const operatorImage = "metadata-mirror/operator:0.1.0";

/** Builds the operator's image; on the public images that its Dockerfile names where `base` is undefined. */
export async function buildOperator(host: Host, base: NodeBase | undefined, report: Report): Promise<void> {
  const build = ["build", "--target", "operator", "--tag", operatorImage];
  const args =
    base === undefined ? [] : ["--build-arg", `BUILD_BASE=${base.build}`, "--build-arg", `BASE=${base.runtime}`];
  await run(host, "docker", [...build, ...args, root], { report });
}

/** Deploys the image from the manifests of deploy/, as a user would, and waits until its pod is ready. */
export async function deployOperator(host: Host, report: Report): Promise<void> {
  await loadImage(host, operatorImage, report);
  const overlay = join(root, "deploy/overlays/cluster-wide");
  await kubectl(host, ["apply", "--server-side", "--force-conflicts", "-k", overlay], { report });
  const deployment = ["--namespace", "metadata-mirror", "deployment/metadata-mirror"];
  // the tag stays the same whatever is in the image
  await kubectl(host, ["rollout", "restart", ...deployment], { report });
  await kubectl(host, ["rollout", "status", "--timeout=120s", ...deployment], { report });
}
