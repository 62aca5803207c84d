import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findBinary } from "@metadata-mirror/control-plane";
import { type Host, type Report, run, stateDirectory, succeeds } from "./host.ts";

const name = "metadata-mirror";
/** The container that is the cluster's only node, and the node's name. */
export const nodeName = `${name}-control-plane`;

/** Where the kubeconfig of the cluster's admin is. Nobody's ~/.kube/config is touched. */
export function kubeconfigPath(host: Host): string {
  return join(stateDirectory(host), "kubeconfig");
}

/** kubectl as the cluster's admin. */
export async function kubectl(
  host: Host,
  args: readonly string[],
  options?: { readonly report?: Report },
): Promise<string> {
  const program = await findBinary("kubectl", { env: host.env, signal: host.signal });
  return run(host, program, ["--kubeconfig", kubeconfigPath(host), ...args], options);
}

async function kind(host: Host, args: readonly string[], report: Report): Promise<string> {
  const program = await findBinary("kind", { env: host.env, signal: host.signal, report });
  return run(host, program, args, { report });
}

/**
 * Makes sure that the cluster is there and answers: the one of an earlier run, unless its node is made of another image.
 * `image` is that of its node; undefined leaves the choice to kind, which pulls it.
 */
export async function ensureCluster(host: Host, image: string | undefined, report: Report): Promise<void> {
  if (await isUsable(host, image)) return;
  await deleteCluster(host, report);
  await mkdir(dirname(kubeconfigPath(host)), { recursive: true });
  const create = ["create", "cluster", "--name", name, "--kubeconfig", kubeconfigPath(host), "--wait", "180s"];
  const offline = join(import.meta.dirname, "../kind-offline.yaml");
  const node = image === undefined ? [] : ["--image", image, "--config", offline];
  await kind(host, [...create, ...node], report);
}

async function isUsable(host: Host, image: string | undefined): Promise<boolean> {
  const inspect = ["inspect", "--format", "{{.Config.Image}}", nodeName];
  const used = await run(host, "docker", inspect).catch(() => undefined);
  if (used === undefined || (image !== undefined && used !== image)) return false;
  return kubectl(host, ["get", "--raw=/readyz", "--request-timeout=10s"]).then(
    () => true,
    () => false,
  );
}

/** Removes the cluster, if there is one. */
export async function deleteCluster(host: Host, report: Report): Promise<void> {
  if (!(await succeeds(host, "docker", ["inspect", nodeName]))) return;
  await kind(host, ["delete", "cluster", "--name", name, "--kubeconfig", kubeconfigPath(host)], report);
  await rm(kubeconfigPath(host), { force: true });
}

/** Copies images of the engine to the node: all at once, so that what they have in common is copied once. */
export async function loadImages(host: Host, images: readonly string[], report: Report): Promise<void> {
  await kind(host, ["load", "docker-image", "--name", name, ...images], report);
}
