import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BinaryName, findBinary } from "@metadata-mirror/control-plane";
import { type Host, type Report, run } from "./host.ts";
import { buildImage, fingerprint, hasImage, withContext } from "./image.ts";

const folder = "cluster-node";
const binaries = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "coredns",
  "kubelet",
  "kube-proxy",
  "kubeadm",
  "kubectl",
] as const satisfies readonly BinaryName[];

/** Which stage of the Dockerfile makes the image that kubeadm asks for. */
const stages: Readonly<Record<string, string>> = {
  "kube-apiserver": "control-plane",
  "kube-controller-manager": "control-plane",
  "kube-scheduler": "control-plane",
  etcd: "control-plane",
  coredns: "coredns",
};
/** As containerd.toml has it. */
const pause = "metadata-mirror/pause:local";

/**
 * Makes sure of the image of a kind node that is made of Debian's packages and our Go module's binaries, and answers its
 * tag. Nothing in it comes from a registry.
 */
export async function ensureClusterNode(host: Host, debian: string, report: Report): Promise<string> {
  const files: Record<string, string> = {};
  const { env, signal } = host;
  for (const name of binaries) files[name] = await findBinary(name, { env, signal, report, pinned: true });
  // the binaries' paths name what they were built from
  const tag = `metadata-mirror/cluster-node:${await fingerprint(folder, debian, ...Object.values(files))}`;
  if (await hasImage(host, tag)) return tag;

  await withContext({ folder, files }, async (directory) => {
    const args = { DEBIAN: debian };
    const kubeadm = (...words: string[]) => run(host, join(directory, "kubeadm"), words);
    const version = await kubeadm("version", "--output=short");
    const images = await kubeadm("config", "images", "list", `--kubernetes-version=${version}`);
    // one that is in no stage, kube-proxy, runs on the node without an image
    const wanted = images.split("\n").flatMap((image) => {
      const target = stages[/([^/]+):[^:]+$/.exec(image)?.[1] ?? ""];
      return target === undefined ? [] : [{ tag: image, target, args }];
    });
    wanted.push({ tag: pause, target: "pause", args });
    for (const image of wanted) await buildImage(host, directory, image, report);
    const tags = wanted.map((image) => image.tag);
    await run(host, "docker", ["save", "--output", join(directory, "images.tar"), ...tags], { report });
    // they bear names of others, for the cluster only
    await run(host, "docker", ["image", "rm", ...tags]);
    await writeFile(join(directory, "version"), version);
    await buildImage(host, directory, { tag, target: "node", args }, report);
  });
  return tag;
}
