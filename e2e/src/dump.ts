import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { kubectl, nodeName } from "./cluster.ts";
import { type Host, run } from "./host.ts";

const operator = ["logs", "--namespace=metadata-mirror", "deployment/metadata-mirror"];
const commands: Readonly<Record<string, readonly string[]>> = {
  "events.txt": ["get", "events", "--all-namespaces", "--sort-by=.metadata.creationTimestamp"],
  "pods.txt": ["get", "pods", "--all-namespaces", "--output=wide"],
  "pods-describe.txt": ["describe", "pods", "--all-namespaces"],
  "mirrors.yaml": ["get", "metadatamirrors,metadatagrants", "--all-namespaces", "--output=yaml"],
  "configmaps.yaml": ["get", "configmaps", "--all-namespaces", "--selector=metadatamirror.dev/mirror", "--output=yaml"],
  "operator.log": operator,
  "operator-previous.log": [...operator, "--previous"],
};

/** A node of kind's has a journal, ours a file. */
const kubeletLog = "tail -n 2000 /var/log/kubelet.log 2> /dev/null || journalctl --unit=kubelet --lines=2000";

/** Writes what is needed to understand a failure to the folder: events, pods, mirrors, ConfigMaps and logs, a file each. */
export async function dump(host: Host, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const keep = async (file: string, asked: Promise<string>) =>
    writeFile(join(folder, file), `${await asked.catch((error: Error) => error.message)}\n`);
  await Promise.all([
    ...Object.entries(commands).map(([file, args]) => keep(file, kubectl(host, [...args, "--request-timeout=20s"]))),
    keep("kubelet.log", run(host, "docker", ["exec", nodeName, "sh", "-c", kubeletLog])),
    keep("node.log", run(host, "docker", ["logs", nodeName])),
  ]);
}

/** The folder of a failure of that name, beside the tests. */
export function failureFolder(what: string): string {
  return join(import.meta.dirname, "../failures", what.replaceAll(/[^a-zA-Z0-9]+/g, "-").slice(0, 100));
}
