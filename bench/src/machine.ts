import { cpus, totalmem } from "node:os";
import { findBinary } from "@metadata-mirror/control-plane";
import { execa } from "execa";
import type { Host } from "./contestants/contestant.ts";
import type { Machine } from "./result.ts";

/** What the bench runs on, and with which Node.js and API server. */
export async function machineOf(host: Host): Promise<Machine> {
  const apiServer = await findBinary("kube-apiserver", host);
  const [{ stdout: node }, { stdout: kubernetes }] = await Promise.all([
    execa(host.node, ["--version"]),
    execa(apiServer, ["--version"]),
  ]);
  const processors = cpus();
  const processor = processors[0]?.model.trim() ?? "unknown";
  return {
    cores: processors.length,
    processor,
    memory: totalmem(),
    node: node.replace("v", ""),
    kubernetes: kubernetes.replace(/^Kubernetes v/, ""),
  };
}
