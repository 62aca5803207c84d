/**
 * Lists the pods of its namespace, writes their number to the ConfigMap `pod-count`, and watches them until it is stopped: a line
 * of JSON each step. In a pod it is the pod's service account, elsewhere who the kubeconfig says.
 *
 *   main.ts [client-node | api-client]
 */
import process from "node:process";
import { type Credentials, resolve } from "@metadata-mirror/auth";
import { useApiClient } from "./api-client.ts";
import { useClientNode } from "./client-node.ts";
import type { Say } from "./say.ts";

type Use = (credentials: Credentials, say: Say, signal: AbortSignal) => Promise<void>;

const libraries: Readonly<Record<string, Use>> = { "client-node": useClientNode, "api-client": useApiClient };

const stop = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());
const say: Say = (step) => void process.stdout.write(`${JSON.stringify(step)}\n`);

async function main([library = "client-node"]: readonly string[]): Promise<void> {
  const use = libraries[library];
  if (use === undefined) throw new Error(`there is no ${library}: ${Object.keys(libraries).join(" or ")}`);
  const credentials = await resolve({ env: process.env });
  const { server, source, namespace } = credentials;
  say({ step: "found", server, source, namespace });
  await use(credentials, say, stop.signal);
}

// no await out here: in a bundle what is imported on demand may import from this file, and would wait for it in turn
main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`client-library: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
