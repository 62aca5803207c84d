import {
  type ApiClient,
  type Clock,
  connect,
  customResourceDefinitions,
  type KubernetesObject,
  namespaces,
  pods,
} from "@metadata-mirror/api-client";
import { fromKubeconfig } from "@metadata-mirror/auth";
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from "@metadata-mirror/control-plane";
import { metadataGrantCrd, metadataMirrorCrd } from "@metadata-mirror/metadata-model";

/** A real API server with our CRDs in it, and an admin's client: for the demo and for tests. Disposing ends all of it. */
export interface Sandbox extends AsyncDisposable {
  readonly controlPlane: ControlPlane;
  readonly client: ApiClient;
}

/** Starts one; `options` are those of the control plane. */
export async function startSandbox(options: ControlPlaneOptions, clock: Clock): Promise<Sandbox> {
  await using stack = new AsyncDisposableStack();
  const controlPlane = stack.use(await startControlPlane(options));
  const credentials = await fromKubeconfig([controlPlane.kubeconfigPath], { now: () => clock.monotonic() });
  const client = stack.use(connect(credentials));
  await installCrds(client, clock);
  const owned = stack.move();
  return { controlPlane, client, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Polls `probe` until it answers something, at most `deadlineMs` long. */
async function until(probe: () => Promise<boolean>, clock: Clock, deadlineMs: number, what: string): Promise<void> {
  const end = clock.monotonic() + deadlineMs;
  while (!(await probe())) {
    if (clock.monotonic() > end) throw new Error(`${what} did not happen within ${deadlineMs} ms`);
    await clock.sleep(20);
  }
}

/** Creates the CustomResourceDefinitions and waits until the API server serves them. */
async function installCrds(client: ApiClient, clock: Clock): Promise<void> {
  for (const crd of [metadataMirrorCrd(), metadataGrantCrd()]) {
    await client.create(customResourceDefinitions, crd);
    const { name } = crd.metadata;
    const served = async () => isEstablished(await client.get(customResourceDefinitions, { name }));
    await until(served, clock, 30_000, `${name} being established`);
  }
}

function isEstablished({ status }: KubernetesObject): boolean {
  // the API server stores null before the first condition
  const { conditions } = (status ?? {}) as { conditions?: { type: string; status: string }[] | null };
  return conditions?.some((condition) => condition.type === "Established" && condition.status === "True") ?? false;
}

/** What a test or the demo says of a pod; there is no kubelet, so its status is given too. */
export interface PodSketch {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly podIP?: string;
  readonly phase?: string;
  /** Merged into the pod's spec. */
  readonly spec?: object;
}

/** Creates a pod as `sketch` says, running and ready unless it says otherwise, and answers what the API server stored. */
export async function createPod(client: ApiClient, sketch: PodSketch): Promise<KubernetesObject> {
  const {
    name,
    namespace = "default",
    labels = {},
    annotations = {},
    podIP = "10.0.0.1",
    phase = "Running",
    spec,
  } = sketch;
  await client.create(pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name, labels, annotations },
    spec: {
      nodeName: "node-1",
      containers: [{ name: "main", image: "web", resources: { requests: { cpu: "15m", memory: "100Ki" } } }],
      ...spec,
    },
  });
  const conditions = [{ type: "Ready", status: phase === "Running" ? "True" : "False" }];
  const status = { phase, podIP, podIPs: [{ ip: podIP }], conditions };
  return client.patch(pods, { namespace, name, subresource: "status" }, { status });
}

/** Creates a namespace. */
export async function createNamespace(client: ApiClient, name: string): Promise<void> {
  await client.create(namespaces, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
}

/** Deletes a pod at once: with its grace period it would stay, terminating, since no kubelet ends it. */
export async function deletePod(client: ApiClient, namespace: string, name: string): Promise<void> {
  await client.delete(pods, { namespace, name }, { gracePeriodSeconds: 0 });
}
