import { ensureCluster, kubectl, loadImages } from "./cluster.ts";
import { ensureClusterNode } from "./cluster-node.ts";
import { ensureDebianImage, isDebianRoot } from "./debian.ts";
import { deployOperator } from "./deploy.ts";
import { ensureEngine } from "./engine.ts";
import type { Host } from "./host.ts";
import { ensureNodeBase, type NodeBase, type NodeInstallation } from "./node-base.ts";
import type { Step } from "./progress.ts";
import { ensurePublicImages, publicImages, pullPublicImages } from "./public-image.ts";
import { buildWorkspaceImages, workspaceImages } from "./workspace-image.ts";

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
  await step("the images of this checkout", (report) => buildWorkspaceImages(host, images?.nodeBase, report));
  await step("images into the cluster", (report) => {
    const tags = [...publicImages.map(({ tag }) => tag), ...Object.values(workspaceImages)];
    return loadImages(host, tags, report);
  });
  await step("operator", async (report) => {
    await kubectl(host, ["delete", "namespaces", `--selector=${testLabel}`, "--wait=false"], { report });
    await deployOperator(host, report);
  });
}

/** Whether there is a registry that has what is needed; the cluster is up then. */
async function clusterFromRegistry(host: Host, step: Step): Promise<boolean> {
  if (!(await step("is there a registry?", () => pullPublicImages(host)))) return false;
  return step("cluster", async (report) => {
    try {
      await ensureCluster(host, undefined, report);
      return true;
    } catch (error) {
      // one that has those may not have kindest/node
      if (/failed to pull image/.test(String(error))) return false;
      throw error;
    }
  });
}

/** There is no registry: everything is made of Debian's packages, Go modules and npm's packages. */
async function makeImages(host: Host, node: NodeInstallation, step: Step): Promise<Images> {
  if (!(await isDebianRoot(host))) {
    throw new Error(
      `${publicImages.map(({ tag }) => tag).join(", ")} or kindest/node can't be pulled, and without a registry the images are made of Debian's packages, which takes root on Debian`,
    );
  }
  const debian = await step("no registry: Debian from its packages", (report) => ensureDebianImage(host, report));
  return {
    clusterNode: await step("a node of Go modules on it", (report) => ensureClusterNode(host, debian, report)),
    nodeBase: await step("Node.js, busybox and curl", async (report) => {
      await ensurePublicImages(host, report);
      return ensureNodeBase(host, debian, node, report);
    }),
  };
}
