import { pods } from "@metadata-mirror/api-client";
import type { Surroundings } from "../evidence/surroundings.ts";

/** How many are created at once. */
const lanes = 16;

/**
 * Creates that many pods `peer-0`, `peer-1`… that no scheduler takes: they are peers of a mirror that includes all, and nothing runs for them.
 * Each has the labels of a pod of a Deployment, and the annotations as given.
 */
export async function createPeers(
  { host: { signal }, client, report }: Surroundings,
  namespace: string,
  count: number,
  annotations: Readonly<Record<string, string>>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < count; index = next++) {
      await client.create(
        pods,
        {
          apiVersion: "v1",
          kind: "Pod",
          metadata: {
            namespace,
            name: `peer-${index}`,
            labels: { app: "peer", "pod-template-hash": "7d764666f9", version: "1.2.3" },
            annotations,
          },
          spec: { schedulerName: "none", containers: [{ name: "main", image: "none" }] },
        },
        { metadataOnly: true, signal },
      );
      report(`peer ${index + 1} of ${count}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
