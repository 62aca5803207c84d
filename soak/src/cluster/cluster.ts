import { join } from "node:path";
import { type ApiClient, connect, customResourceDefinitions, namespaces, nodes } from "@metadata-mirror/api-client";
import { fromKubeconfig } from "@metadata-mirror/auth";
import { type ControlPlane, poll, startControlPlane } from "@metadata-mirror/control-plane";
import { metadataGrantCrd, metadataMirrorCrd } from "@metadata-mirror/metadata-model";
import type { Stage } from "../schedule/stage.ts";
import type { Host } from "./host.ts";
import { nodeManifest, nodeStatus } from "./manifests.ts";
import { type Replica, startReplica } from "./replica.ts";
import { metadataGrants, metadataMirrors } from "./resources.ts";

/** A control plane, with what a stage has from the beginning, and replicas of the operator. Disposing ends all of it. */
export interface Cluster extends AsyncDisposable {
  readonly controlPlane: ControlPlane;
  /** An admin's, straight to the API server. */
  readonly client: ApiClient;
  readonly replicas: readonly Replica[];
}

export interface ClusterOptions {
  readonly host: Host;
  readonly stage: Stage;
  /** For logs. */
  readonly directory: string;
  readonly replicas: number;
  readonly shards: number;
  /** Main file of a build of the operator; its source by default. */
  readonly operator: string | undefined;
}

const source = [
  "--conditions=@metadata-mirror/source",
  join(import.meta.dirname, "../../../apps/operator/src/main.ts"),
];

/** How long a start may take, in milliseconds. */
const startMs = 60_000;

/** Starts it; resolves when all replicas are ready. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { host, stage, directory, operator, shards } = options;
  const { env, report, signal, clock } = host;
  await using stack = new AsyncDisposableStack();
  const controlPlane = stack.use(await startControlPlane({ env, report, signal }));
  const credentials = await fromKubeconfig([controlPlane.kubeconfigPath], { now: () => clock.monotonic() });
  const client = stack.use(connect(credentials));
  await furnish(client, stage, signal);
  const started = await Promise.all(
    Array.from({ length: options.replicas }, (_, index) =>
      startReplica({
        name: `replica-${index}`,
        controlPlane,
        host,
        directory,
        operator: operator === undefined ? source : [operator],
        shards,
      }),
    ),
  );
  for (const replica of started) stack.use(replica);
  await whenReady(started, signal);
  const owned = stack.move();
  return { controlPlane, client, replicas: started, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Waits until all replicas say that they are ready and alive, and rejects after a minute. */
export async function whenReady(replicas: readonly Replica[], signal: AbortSignal): Promise<void> {
  const probe = async () => {
    const ready = await Promise.all(replicas.map(({ process }) => process.isReady()));
    return ready.every((one) => one) || undefined;
  };
  await poll(probe, { everyMs: 200, timeoutMs: startMs, signal });
}

async function furnish(client: ApiClient, stage: Stage, signal: AbortSignal): Promise<void> {
  for (const crd of [metadataMirrorCrd(), metadataGrantCrd()]) await client.create(customResourceDefinitions, crd);
  for (const name of stage.namespaces) {
    await client.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }
  for (const name of stage.nodes) {
    await client.create(nodes, nodeManifest(name));
    await client.patch(nodes, { name, subresource: "status" }, nodeStatus(4));
  }
  for (const resource of [metadataMirrors, metadataGrants]) {
    const served = async () => {
      for await (const _ of client.list(resource)) return true;
      return undefined;
    };
    await poll(() => served().catch(() => undefined), { everyMs: 50, timeoutMs: startMs, signal });
  }
}
