import { type KubernetesObject, pods } from "@metadata-mirror/api-client";
import { findBinary, poll } from "@metadata-mirror/control-plane";
import { execa } from "execa";
import { kubeconfigPath } from "../cluster.ts";
import { workspaceImages } from "../workspace-image.ts";
import { waitFor } from "./namespace.ts";
import { arrival, parseSighting, type Sighting } from "./sighting.ts";
import type { Surroundings } from "./surroundings.ts";

export interface ConsumerOptions {
  readonly namespace: string;
  readonly name: string;
  /** What it mounts, each as an optional source of one projected volume. */
  readonly configMaps: readonly string[];
  /** The file that it watches, a key of one of them; a whole number is in it. */
  readonly key: string;
}

/** A running pod that watches a file of its mounted ConfigMaps. Disposing of it ends the reading of its log. */
export interface Consumer extends AsyncDisposable {
  readonly name: string;
  /** What it has seen so far, by the node's clock. */
  readonly sightings: readonly Sighting[];
  /** Waits until it has seen the value or a later one. */
  readonly untilSeen: (value: number, timeoutMs: number) => Promise<void>;
}

/** Creates the pod, and waits until it runs. */
export async function startConsumer(surroundings: Surroundings, options: ConsumerOptions): Promise<Consumer> {
  const { host, client } = surroundings;
  const { namespace, name } = options;
  await client.create(pods, podOf(options));
  await waitFor(surroundings, pods, { namespace, name }, isReady);

  const program = await findBinary("kubectl", { env: host.env, signal: host.signal });
  const args = ["--kubeconfig", kubeconfigPath(host), "logs", "--follow", "--namespace", namespace, name];
  const log = execa(program, args, { cancelSignal: host.signal, reject: false, buffer: false });
  const sightings: Sighting[] = [];
  let isCut = false;
  const reading = (async () => {
    for await (const line of log) {
      const sighting = parseSighting(line);
      if (sighting !== undefined) sightings.push(sighting);
    }
    isCut = true;
  })();
  return {
    name,
    sightings,
    async untilSeen(value, timeoutMs) {
      const seen = async () => {
        if (isCut) throw new Error(`the log of pod ${namespace}/${name} ended`);
        return arrival(sightings, value);
      };
      await poll(seen, { everyMs: 20, timeoutMs, signal: host.signal }).catch((cause: unknown) => {
        const last = sightings.at(-1)?.value ?? "nothing";
        throw new Error(`pod ${namespace}/${name} has not seen ${value} in its file, but ${last}`, { cause });
      });
    },
    async [Symbol.asyncDispose]() {
      log.kill();
      await reading;
    },
  };
}

function podOf({ namespace, name, configMaps, key }: ConsumerOptions): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: "main",
          image: workspaceImages.watchFile,
          args: [`/etc/peers/${key}`],
          volumeMounts: [{ name: "peers", mountPath: "/etc/peers" }],
        },
      ],
      volumes: [
        {
          name: "peers",
          projected: { sources: configMaps.map((source) => ({ configMap: { name: source, optional: true } })) },
        },
      ],
    },
  };
}

/** Whether a pod's condition Ready is True. */
export function isReady({ status }: Readonly<Record<string, unknown>>): boolean {
  const { conditions = [] } = (status ?? {}) as { conditions?: readonly { type: string; status: string }[] };
  return conditions.some((condition) => condition.type === "Ready" && condition.status === "True");
}
