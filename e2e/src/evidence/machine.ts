import { nodes } from "@metadata-mirror/api-client";
import { nodeName } from "../cluster.ts";
import type { Surroundings } from "./surroundings.ts";

/** What figures were measured on, for whoever compares them: the node's cores and the version of its kubelet. */
export async function machineOf({ client }: Surroundings): Promise<string> {
  const { status } = await client.get(nodes, { name: nodeName });
  const { nodeInfo, capacity } = status as {
    readonly nodeInfo: { readonly kubeletVersion: string };
    readonly capacity: { readonly cpu: string };
  };
  return `kind, one node of ${capacity.cpu} cores, kubelet ${nodeInfo.kubeletVersion}`;
}
