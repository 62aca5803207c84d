import { join } from "node:path";
import process from "node:process";
import { type ApiClient, ApiError, configMaps, connect } from "@metadata-mirror/api-client";
import { fromKubeconfig } from "@metadata-mirror/auth";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { kubeconfigPath, kubectl } from "../src/cluster.ts";
import { dump, failureFolder } from "../src/dump.ts";
import type { Files } from "../src/files.ts";
import type { Host } from "../src/host.ts";
import { testLabel } from "../src/up.ts";

/** How long a change may take to show: far more than it does, so that a busy machine is no failure. */
export const deadline = { timeout: 60_000, interval: 100 };

/** The machine that the tests run on. */
export const host: Host = { env: process.env, uid: process.getuid?.() ?? -1, signal: new AbortController().signal };

/** What the tests read of a pod. */
interface RunningPod {
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly status: { readonly phase: string; readonly podIP: string };
}

/** A namespace of the cluster, in the words of the tests. */
export interface Scene {
  readonly namespace: string;
  readonly client: ApiClient;
  /** kubectl as the cluster's admin, in this namespace; answers what it writes. */
  readonly kubectl: (...args: string[]) => Promise<string>;
  /** Applies a file of this package or, as `docs/examples/…`, of the documentation. */
  readonly apply: (file: string) => Promise<void>;
  /** Runs a command in the pod's container `main`; answers what it writes. */
  readonly exec: (pod: string, ...command: string[]) => Promise<string>;
  /** The files of a folder as the pod sees them, but hidden ones. */
  readonly filesIn: (pod: string, folder: string) => Promise<Files>;
  /** The data of a ConfigMap; undefined where there is none. */
  readonly data: (configMap: string) => Promise<Files | undefined>;
  /** What a mirror's ConfigMap has of one pod, by path. */
  readonly mirrored: (configMap: string, pod: string) => Promise<Files>;
  /** Waits until the pods are ready. */
  readonly ready: (...pods: string[]) => Promise<void>;
  /** The pods that the selector, such as app=web, finds running and not on their way out. */
  readonly running: (selector: string) => Promise<readonly RunningPod[]>;
}

/**
 * A scene for the tests of one file, there from the first `beforeAll` on. It goes when all have passed; of one that fails,
 * the cluster's state is written to `e2e/failures`.
 */
export function useScene(name: string): Scene {
  const namespace = `${name}-${Date.now().toString(36)}`;
  let client: ApiClient | undefined;
  let failed = false;
  const inNamespace = (...args: string[]) => kubectl(host, ["--namespace", namespace, ...args]);

  beforeAll(async () => {
    client = connect(await fromKubeconfig([kubeconfigPath(host)], { now: () => performance.now() }));
    await kubectl(host, ["create", "namespace", namespace]);
    await kubectl(host, ["label", "namespace", namespace, `${testLabel}=`]);
    // before it is there pods are refused
    await inNamespace("wait", "--for=create", "--timeout=60s", "serviceaccount/default");
  });
  beforeEach(({ task, onTestFailed }) => {
    onTestFailed(async () => {
      failed = true;
      const folder = failureFolder(`${name} ${task.name}`);
      await dump(host, folder);
      process.stderr.write(`what the cluster says is in ${folder}\n`);
    });
  });
  afterAll(async () => {
    if (!failed) await kubectl(host, ["delete", "namespace", namespace, "--wait=false", "--ignore-not-found"]);
    await client?.[Symbol.asyncDispose]();
  });

  const exec = (pod: string, ...command: string[]) => inNamespace("exec", pod, "--container=main", "--", ...command);
  return {
    namespace,
    get client() {
      if (client === undefined) throw new Error("the scene is not there before the tests run");
      return client;
    },
    kubectl: inNamespace,
    async apply(file) {
      const root = file.startsWith("docs/") ? "../.." : "..";
      await inNamespace("apply", "-f", join(import.meta.dirname, root, file));
    },
    exec,
    async filesIn(pod, folder) {
      const script = 'cd "$0" && for file in *; do [ -f "$file" ] && echo "$file $(base64 -w 0 "$file")"; done; true';
      const lines = (await exec(pod, "sh", "-c", script, folder)).split("\n").filter((line) => line !== "");
      return Object.fromEntries(
        lines.map((line) => {
          const [file = "", text = ""] = line.split(" ");
          return [file, Buffer.from(text, "base64").toString()];
        }),
      );
    },
    async data(configMap) {
      try {
        const found = await this.client.get(configMaps, { namespace, name: configMap });
        return (found["data"] ?? {}) as Files;
      } catch (error) {
        if (ApiError.from(error).code === "not-found") return undefined;
        throw error;
      }
    },
    async mirrored(configMap, pod) {
      const entries = Object.entries((await this.data(configMap)) ?? {}).filter(([key]) => key.startsWith(`${pod}_`));
      return Object.fromEntries(entries.map(([key, value]) => [key.slice(pod.length + 1), value]));
    },
    async ready(...pods) {
      await inNamespace("wait", "--for=condition=Ready", "--timeout=120s", ...pods.map((pod) => `pod/${pod}`));
    },
    async running(selector) {
      const listed = await inNamespace("get", "pods", "--selector", selector, "--output=json");
      const { items } = JSON.parse(listed) as { readonly items: readonly RunningPod[] };
      return items.filter(({ metadata, status }) => !metadata.deletionTimestamp && status.phase === "Running");
    },
  };
}
