import {
  configMaps,
  createBackoff,
  type FakeClock,
  fakeClock,
  type KubernetesObject,
  pods,
} from "@metadata-mirror/api-client";
import {
  configMapState,
  consumerOf,
  metadataMirror,
  mirrorLabel,
  podMetadata,
  revisionAnnotation,
} from "@metadata-mirror/metadata-model";
import { pino } from "pino";
import { createMetrics, type Metrics } from "../metrics.ts";
import { digest } from "../mirror/digest.ts";
import { createEventRecorder } from "../mirror/events.ts";
import { keyOf, refOf } from "../mirror/interest.ts";
import { metadataMirrors } from "../mirror/resources.ts";
import { createStores, type Stores } from "../mirror/stores.ts";
import { createRefresh, type Refresh } from "../refresh.ts";
import { type ByteBudget, createByteBudget } from "../runtime/byte-budget.ts";
import { type FakeApi, fakeApi } from "./fake-api.ts";
import { configMapObject, type MirrorSketch, mirror, mirrorObject, type PodSketch, podObject } from "./objects.ts";
import { nothing } from "./present.ts";

/** A refresher that runs, an API server in memory, and a watch that tells when it's asked to. */
export interface RefreshRig extends FakeApi {
  readonly clock: FakeClock;
  /** Of the operator that runs. */
  readonly operator: { readonly stores: Stores; readonly refresh: Refresh; readonly metrics: Metrics };
  /** What the patches are charged to. */
  readonly budget: ByteBudget;
  /** The warnings in the log. */
  readonly warnings: string[];
  /** Namespaces that turned to being refused, or to being so no longer. */
  readonly turns: string[];
  /** Stores a mirror whose consumers are refreshed at once, by default; `shop/web-peers`. */
  readonly putMirror: (sketch?: MirrorSketch) => void;
  /** Stores its ConfigMap. */
  readonly putConfigMap: (
    data: Readonly<Record<string, string>>,
    sketch?: { readonly namespace?: string; readonly name?: string },
  ) => KubernetesObject;
  /** Stores a pod, which mounts `web-peers` by default. */
  readonly putPod: (sketch?: PodSketch) => void;
  /** Lets the watch tell of everything that was stored and went, and everyone do what is to be done. */
  readonly watch: () => Promise<void>;
  /** The annotation of a pod. */
  readonly revision: (pod?: string, namespace?: string) => string | undefined;
  /** When pods were patched, in milliseconds, by their names; also where that was refused. */
  readonly patches: { readonly pod: string; readonly at: number }[];
  /** The annotations that were stored, and when. */
  readonly written: { readonly annotation: string | undefined; readonly at: number }[];
  /** Gives the mirror of this key to this operator or to another one. */
  readonly hand: (mirror: string, isOurs: boolean) => void;
  /** Ends the operator, and starts another, which lists all there is. */
  readonly restart: () => Promise<void>;
}

export interface RefreshRigOptions {
  readonly perSecond?: number;
  /** Of each namespace; all of them have four times as much. */
  readonly bytesPerSecond?: number;
}

export function refreshRig({ perSecond = 1_000, bytesPerSecond = 2 ** 30 }: RefreshRigOptions = {}): RefreshRig {
  const api = fakeApi();
  const clock = fakeClock(Date.parse("2026-11-23T18:00:00Z"));
  const turns: string[] = [];
  const others = new Set<string>();
  const patches: RefreshRig["patches"] = [];
  const written: RefreshRig["written"] = [];
  const budget = createByteBudget({ clock, perSecond: 4 * bytesPerSecond, perNamespacePerSecond: bytesPerSecond });
  const warnings: string[] = [];
  const log = pino({ level: "warn" }, { write: (line) => void warnings.push(line) });
  let seen = 0;
  const client: FakeApi["client"] = {
    ...api.client,
    async patch(resource, ref, ...rest) {
      if (resource === pods) patches.push({ pod: ref.name, at: clock.monotonic() });
      const stored = api.events.length;
      const answer = await api.client.patch(resource, ref, ...rest);
      const annotation = answer.metadata.annotations?.[revisionAnnotation];
      if (api.events.length > stored) written.push({ annotation, at: clock.monotonic() });
      return answer;
    },
  };

  function tell({ type, resource, object }: FakeApi["events"][number], { mirrors, ...stores }: Stores): void {
    const { namespace = "", name = "", resourceVersion = "", labels = {} } = object.metadata;
    const place = { namespace, name, resourceVersion };
    if (resource === metadataMirrors) mirrors[type]({ ...place, object: metadataMirror(object) });
    if (resource === pods) {
      stores.pods[type]({ ...place, object: podMetadata(object) });
      stores.consumers[type]({ ...place, object: consumerOf(object) });
    }
    if (resource === configMaps && mirrorLabel in labels) {
      const state = configMapState(object, digest);
      for (const store of [stores.configMaps, stores.shownConfigMaps]) store[type]({ ...place, object: state });
    }
  }

  function start() {
    const stop = new AbortController();
    const { signal } = stop;
    const backoff = () => createBackoff({ initialMs: 20, maxMs: 30_000, random: () => 0.5 });
    const onTurn = (namespace: string) => void turns.push(namespace);
    const refresh = createRefresh({ clock, backoff, perSecond, workers: 4, onTurn, signal });
    const stores = createStores((all) => [refresh.listener(all)]);
    const ignore = () => undefined;
    const metrics = createMetrics({ ...nothing, pods: () => refresh.waiting });
    const record = createEventRecorder({ client, clock, instance: "test", onCreated: ignore, onFault: ignore });
    const share: Parameters<Refresh["run"]>[0]["share"] = {
      isOurs: (one) => !others.has(keyOf(one)),
      ofPods: (reconcile) => reconcile,
    };
    const ended = refresh.run({ client, stores, record, budget, metrics, log, share });
    return { stores, refresh, metrics, stop, ended };
  }
  let operator = start();

  function hand(mirror: string, isOurs: boolean): void {
    if (isOurs) others.delete(mirror);
    else others.add(mirror);
    const { namespace, name } = refOf(mirror);
    const found = operator.stores.mirrors.get(namespace, name);
    if (found !== undefined) operator.refresh.follow(found);
  }

  async function watch(): Promise<void> {
    for (; seen < api.events.length; seen++) {
      const event = api.events[seen];
      if (event !== undefined) tell(event, operator.stores);
    }
    await clock.advance(0);
  }

  return {
    ...api,
    clock,
    budget,
    warnings,
    turns,
    patches,
    written,
    watch,
    hand,
    get operator() {
      return operator;
    },
    putMirror: ({ spec, ...sketch } = {}) =>
      void api.put(
        metadataMirrors,
        mirrorObject({ spec: { consumers: { refreshPolicy: "Immediate" }, ...spec }, ...sketch }),
      ),
    putConfigMap(data, { namespace = "shop", name = "web-peers" } = {}) {
      const owner = mirror({ namespace, name: "web-peers" });
      const uid = `uid-of-${name}`;
      const object = configMapObject({ namespace, name, label: owner.name, owner, data });
      return api.put(configMaps, { ...object, metadata: { ...object.metadata, uid } });
    },
    putPod: (sketch) => void api.put(pods, podObject({ mounts: ["web-peers"], ...sketch })),
    revision: (name = "web-0", namespace = "shop") =>
      api.find(pods, { namespace, name })?.metadata.annotations?.[revisionAnnotation],
    async restart() {
      operator.stop.abort();
      await operator.ended;
      operator = start();
      const all = [metadataMirrors, configMaps, pods].flatMap((resource) =>
        api.all(resource).map((object) => ({ type: "apply" as const, resource, object })),
      );
      for (const event of all) tell(event, operator.stores);
      seen = api.events.length;
      await clock.advance(0);
    },
  };
}
