import { type ApiClient, type Clock, configMaps, type KubernetesObject, pods } from "@metadata-mirror/api-client";
import type { ControlPlaneOptions } from "@metadata-mirror/control-plane";
import { type ConfigMap, configMapOf } from "./expectation.ts";
import { mirrorName, namespace } from "./names.ts";
import { type Observed, observe } from "./observed.ts";
import { startSandbox } from "./sandbox.ts";

/** What is to be seen of a pod. */
export interface Pod {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Empty while it has none. */
  readonly podIP: string;
  readonly phase: string;
}

/** Where the demo plays: an API server, an operator at work, and watches of our own that see what comes of it. */
export interface Stage extends AsyncDisposable {
  readonly client: ApiClient;
  readonly kubeconfigPath: string;
  readonly pods: Observed<Pod>;
  readonly configMaps: Observed<ConfigMap>;
  /** Aborts when the demo is to end: it's wanted, or the operator failed. */
  readonly signal: AbortSignal;
}

/** What a stage is made from. */
export interface StageOptions {
  readonly controlPlane: ControlPlaneOptions;
  readonly clock: Clock;
  /** Runs an operator until `signal` aborts. */
  readonly operate: (client: ApiClient, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Sets the stage. Disposing of it stops the operator, then the API server, and throws what the operator failed with. */
export async function setStage({ controlPlane, clock, operate, signal }: StageOptions): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const sandbox = stack.use(await startSandbox(controlPlane, clock));
  const { client } = sandbox;
  const end = new AbortController();
  const failure = new AbortController();
  const ending = AbortSignal.any([signal, end.signal, failure.signal]);

  const operator = operate(client, ending).catch((error: unknown) => failure.abort(error));
  const labelSelector = `metadatamirror.dev/mirror=${mirrorName}`;
  const observed = {
    pods: observe(client, pods, { namespace, decode: podOf, signal: ending }),
    configMaps: observe(client, configMaps, { namespace, labelSelector, decode: configMapOf, signal: ending }),
  };
  stack.defer(async () => {
    end.abort();
    await Promise.all([operator, observed.pods.ended, observed.configMaps.ended]);
    failure.signal.throwIfAborted();
  });
  await Promise.all([observed.pods.listed, observed.configMaps.listed]);

  const { kubeconfigPath } = sandbox.controlPlane;
  const owned = stack.move();
  return { client, kubeconfigPath, ...observed, signal: ending, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function podOf({ metadata, status }: KubernetesObject): Pod {
  const { podIP = "", phase = "" } = (status ?? {}) as { podIP?: string; phase?: string };
  return { labels: metadata.labels ?? {}, annotations: metadata.annotations ?? {}, podIP, phase };
}
