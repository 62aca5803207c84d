import { setTimeout } from "node:timers/promises";
import { CoreV1Api, makeInformer, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { type Credentials, toKubeConfig } from "@metadata-mirror/auth";
import type { Say } from "./say.ts";

/** The three steps with Kubernetes' own library for Node.js. */
export async function useClientNode(credentials: Credentials, say: Say, signal: AbortSignal): Promise<void> {
  const { namespace } = credentials;
  const config = await toKubeConfig(credentials);
  const core = config.makeApiClient(CoreV1Api);
  const list = () => core.listNamespacedPod({ namespace });

  const { items } = await list();
  say({ step: "list", pods: items.map(({ metadata }) => metadata?.name) });

  // of the four kinds of patch the one that only says what changes; client-node takes another one unless it is told
  const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  const body = { data: { pods: String(items.length) } };
  const { data } = await core.patchNamespacedConfigMap({ namespace, name: "pod-count", body }, merge);
  say({ step: "patch", data });

  // lists too, so that nothing is missed between a list and its watch
  const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/pods`, list);
  for (const change of ["add", "update", "delete"] as const) {
    informer.on(change, ({ metadata }) => say({ step: "watch", change, pod: metadata?.name }));
  }
  // it gives up at most faults, and takes a stop for one: to go on is left to us
  informer.on("error", (error: unknown) => {
    if (signal.aborted) return;
    say({ step: "fault", message: String(error) });
    setTimeout(5_000, undefined, { signal }).then(
      () => informer.start(),
      () => undefined,
    );
  });
  signal.addEventListener("abort", () => void informer.stop(), { once: true });
  await informer.start();
}
