import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@metadata-mirror/api-client";
import { type ControlPlane, poll, startControlPlane } from "@metadata-mirror/control-plane";
import type { Host } from "../contestants/contestant.ts";
import { type Api, each, openApi } from "./api.ts";
import { type Etcd, openEtcd } from "./etcd.ts";
import type { Ledger } from "./ledger.ts";
import { type MirrorSpec, mirrorBody } from "./mirror.ts";
import { type Places, placesOf } from "./places.ts";
import { type PodSpec, podSpecs } from "./pod.ts";
import { createPods } from "./pods.ts";
import { createWideLedger } from "./wide-ledger.ts";

/** A fresh control plane with the CustomResourceDefinitions, pods and mirrors of one workload. */
export interface World extends AsyncDisposable, Pick<Places, "placeOf"> {
  readonly controlPlane: ControlPlane;
  readonly api: Api;
  readonly etcd: Etcd;
  readonly host: Host;
  readonly clock: Clock;
  /** Of the pods that are to be mirrored: the index of each is its place in `pods`. A change is visible once all mirrors of the pod show it. */
  readonly ledger: Ledger;
  readonly pods: readonly PodSpec[];
  readonly mirrors: readonly MirrorSpec[];
}

export interface WorldSpec {
  readonly pods: readonly PodSpec[];
  readonly mirrors: readonly MirrorSpec[];
}

/** Pods of one app and one mirror of them. */
export function oneMirror(pods: number): WorldSpec {
  return {
    pods: podSpecs("shop", "web", pods),
    mirrors: [{ namespace: "shop", app: "web", name: "peers" }],
  };
}

const crds = join(import.meta.dirname, "../../../deploy/crds");
const mirrorsPath = "/apis/metadatamirror.dev/v1alpha1";

/** Starts it and makes the pods; the mirrors are made by {@link reset}. */
export async function createWorld({ pods, mirrors }: WorldSpec, host: Host, clock: Clock): Promise<World> {
  const { env, report, signal } = host;
  await using stack = new AsyncDisposableStack();
  const controlPlane = stack.use(await startControlPlane({ env, report, signal }));
  const api = stack.use(openApi(controlPlane));
  const etcd = stack.use(openEtcd(controlPlane));
  for (const name of ["metadatamirrors", "metadatagrants"]) await createCrd(api, name, signal);
  for (const name of namespacesOf(pods)) await createNamespace(api, name);
  const { count, placeOf } = placesOf(mirrors);
  const ledger = createWideLedger(count);
  const begin = performance.now();
  await createPods({ api, etcd }, ledger, pods);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  report(`${pods.length.toLocaleString("en")} pods, made in ${seconds} s`);
  const started = stack.move();
  const dispose = () => started.disposeAsync();
  return { controlPlane, api, etcd, host, clock, ledger, placeOf, pods, mirrors, [Symbol.asyncDispose]: dispose };
}

/** Makes one, with nothing in it. */
export async function createNamespace(api: Api, name: string): Promise<void> {
  await api.send({ method: "POST", path: "/api/v1/namespaces", body: JSON.stringify({ metadata: { name } }) });
}

/** The namespaces of pods, each once. */
export function namespacesOf(pods: readonly PodSpec[]): readonly string[] {
  return [...new Set(pods.map(({ namespace }) => namespace))];
}

async function createCrd(api: Api, name: string, signal: AbortSignal): Promise<void> {
  const body = await readFile(join(crds, `${name}.yaml`), "utf8");
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  await api.send({ method: "POST", path, body, contentType: "application/yaml" });
  const served = () => api.send({ method: "GET", path: `${mirrorsPath}/${name}` }).catch(() => undefined);
  await poll(served, { everyMs: 50, timeoutMs: 30_000, signal });
}

/** Makes it as it was before the first contestant: no ConfigMaps, and the mirrors anew. */
export async function reset(world: World): Promise<void> {
  const { api, mirrors } = world;
  await clear(world);
  await each(mirrors, async (mirror) => {
    const path = `${mirrorsPath}/namespaces/${mirror.namespace}/metadatamirrors`;
    await api.send({ method: "POST", path, body: mirrorBody(mirror) });
  });
}

/** Removes all mirrors and ConfigMaps. */
export async function clear({ api, ledger, pods }: World): Promise<void> {
  for (const namespace of namespacesOf(pods)) {
    await api.send({ method: "DELETE", path: `${mirrorsPath}/namespaces/${namespace}/metadatamirrors` });
    await api.send({ method: "DELETE", path: `/api/v1/namespaces/${namespace}/configmaps` });
  }
  ledger.forget();
}

/** Where a watch of all ConfigMaps has to begin to see what comes from here on. */
export async function configMapVersion(api: Api): Promise<string> {
  const list = JSON.parse(await api.send({ method: "GET", path: "/api/v1/configmaps?limit=1" })) as {
    readonly metadata: { readonly resourceVersion: string };
  };
  return list.metadata.resourceVersion;
}
