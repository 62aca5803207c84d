import { busybox, ensureBusybox, pullBusybox } from "./busybox.ts";
import { ensureCluster, kubectl, loadImage } from "./cluster.ts";
import { ensureClusterNode } from "./cluster-node.ts";
import { ensureDebianImage, isDebianRoot } from "./debian.ts";
import { buildOperator, deployOperator } from "./deploy.ts";
import { ensureEngine } from "./engine.ts";
import type { Host } from "./host.ts";
import { ensureNodeBase, type NodeBase, type NodeInstallation } from "./node-base.ts";
import type { Step } from "./progress.ts";

/** The images that registries have, made of packages where there is none. */
interface Images {
  readonly clusterNode: string;
  readonly nodeBase: NodeBase;
}

/** The label of the namespaces that tests make. */
export const testLabel = "metadatamirror.dev/e2e";

/**
 * Brings up what the tests need, in the order of the steps that it shows: an engine, the images, a cluster, and the operator
 * in it. What an earlier run left is used where it is still right.
 */
export async function up(host: Host, node: NodeInstallation, step: Step): Promise<void> {
  await step("container engine", (report) => ensureEngine(host, report));
  const images = (await clusterFromRegistry(host, step)) ? undefined : await makeImages(host, node, step);
  if (images !== undefined) await step("cluster", (report) => ensureCluster(host, images.clusterNode, report));
  await step("the operator's image", (report) => buildOperator(host, images?.nodeBase, report));
  await step("operator", async (report) => {
    await kubectl(host, ["delete", "namespaces", `--selector=${testLabel}`, "--wait=false"], { report });
    await loadImage(host, busybox, report);
    await deployOperator(host, report);
  });
}

/** Whether there is a registry that has what is needed; the cluster is up then. */
async function clusterFromRegistry(host: Host, step: Step): Promise<boolean> {
  if (!(await step("is there a registry?", () => pullBusybox(host)))) return false;
  return step("cluster", async (report) => {
    try {
      await ensureCluster(host, undefined, report);
      return true;
    } catch (error) {
      // one that has busybox may not have kindest/node
      if (/failed to pull image/.test(String(error))) return false;
      throw error;
    }
  });
}

/** There is no registry: everything is made of Debian's packages, Go modules and npm's packages. */
async function makeImages(host: Host, node: NodeInstallation, step: Step): Promise<Images> {
  if (!(await isDebianRoot(host))) {
    throw new Error(
      `${busybox} or kindest/node can't be pulled, and without a registry the images are made of Debian's packages, which takes root on Debian`,
    );
  }
  const debian = await step("no registry: Debian from its packages", (report) => ensureDebianImage(host, report));
  return {
    clusterNode: await step("a node of Go modules on it", (report) => ensureClusterNode(host, debian, report)),
    nodeBase: await step("Node.js and busybox", async (report) => {
      await ensureBusybox(host, report);
      return ensureNodeBase(host, debian, node, report);
    }),
  };
}
