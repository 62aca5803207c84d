import { type ApiClient, type Clock, configMaps, type FakeClock, fakeClock } from "@metadata-mirror/api-client";
import {
  configMapState,
  MetadataMirrorStatus,
  metadataMirror,
  mirrorLabel,
  type PodMetadata,
} from "@metadata-mirror/metadata-model";
import { digest } from "../mirror/digest.ts";
import { createHandler } from "../mirror/handler.ts";
import { createReconciler, type PassReport } from "../mirror/reconciler.ts";
import { metadataMirrors } from "../mirror/resources.ts";
import { createStatusWriter } from "../mirror/status-writer.ts";
import { createStores, type Stores } from "../mirror/stores.ts";
import { createStrays, type Strays } from "../mirror/strays.ts";
import type { Sight } from "../mirror/world.ts";
import { createByteBudget } from "../runtime/byte-budget.ts";
import type { Reconciler } from "../runtime/controller.ts";
import { type FakeApi, fakeApi } from "./fake-api.ts";
import { type MirrorSketch, mirrorObject } from "./objects.ts";
import { seesAll } from "./sight.ts";

/** A reconciler with all that it works with, an API server in memory, and a watch that tells when it's asked to. */
export interface Rig extends FakeApi {
  readonly clock: FakeClock;
  readonly stores: Stores;
  readonly reconcile: Reconciler;
  /** What the passes reported. */
  readonly passes: PassReport[];
  /** How long the byte budget held writes back each time, in milliseconds. */
  readonly throttles: number[];
  /** Stores the mirror on the API server, and lets the watch tell of it. */
  readonly putMirror: (sketch?: MirrorSketch) => void;
  /** Puts the pods into the store, in place of those of their names. */
  readonly seePods: (...pods: readonly PodMetadata[]) => void;
  /** Lets the watch tell of everything that was stored and went. */
  readonly watch: () => void;
  /** The data of a ConfigMap of `shop`. */
  readonly data: (name?: string) => unknown;
  /** The status of the mirror `shop/web-peers`. */
  readonly status: () => MetadataMirrorStatus;
  /** Its condition `type`, as in `True InSync`. */
  readonly condition: (type: string) => string | undefined;
  /** Forgets all that the operator remembers, as a restart does; the stores are listed anew. */
  readonly restart: () => Reconciler;
}

export interface RigOptions {
  /** Stored bytes a second of each namespace, four times as many in all; plenty by default. */
  readonly bytesPerSecond?: number;
  readonly minWriteIntervalMs?: number;
  /** What planning takes, in milliseconds; nothing by default. */
  readonly planMs?: number;
  /** How far time goes on with each look at the clock, in milliseconds; not at all by default. */
  readonly lookMs?: number;
  /** What limits the operator's sight; nothing by default. */
  readonly sight?: Partial<Sight>;
  /** What stands between the reconciler and the API server; nothing by default. */
  readonly wrap?: (client: ApiClient, clock: Clock, put: FakeApi["put"]) => ApiClient;
  /** Told of the mirrors that a change concerns. */
  readonly wake?: (key: string) => void;
}

export function rig(options: RigOptions = {}): Rig {
  const { bytesPerSecond = 1e9, minWriteIntervalMs = 0, planMs = 0, lookMs = 0, wrap = (client) => client } = options;
  const api = fakeApi();
  const stopped = fakeClock(Date.parse("2026-11-23T18:00:00Z"));
  let strays: Strays | undefined;
  const stores = createStores(() => [
    createHandler((key) => options.wake?.(key)),
    {
      mirror: (change) => strays?.listener.mirror(change),
      configMap: (change) => strays?.listener.configMap(change),
    },
  ]);
  const passes: PassReport[] = [];
  const throttles: number[] = [];
  /** The ConfigMaps that the watch has shown. */
  const shown = new Set<string>();
  let seen = 0;
  let pods = 0;
  let taken = 0;
  const clock: FakeClock = {
    ...stopped,
    get sleeping() {
      return stopped.sleeping;
    },
    monotonic() {
      taken += lookMs;
      return stopped.monotonic() + taken;
    },
  };
  const client = wrap(api.client, clock, api.put);
  // each plan reads the pods
  const costlyPods: Stores["pods"] = {
    ...stores.pods,
    inNamespace(namespace) {
      taken += planMs;
      return stores.pods.inNamespace(namespace);
    },
  };

  function start(): Reconciler {
    const announce = () => Promise.resolve();
    const sight = { ...seesAll, ...options.sight };
    strays = createStrays({ client, stores, isOurs: sight.isOurs });
    const reconcile = createReconciler({
      stores: { ...stores, pods: costlyPods },
      sight,
      processor: () => clock.monotonic(),
      context: { client, configMaps: stores.configMaps },
      writeStatus: createStatusWriter({ client, clock, mirrors: stores.mirrors, isOurs: sight.isOurs, announce }),
      budget: createByteBudget({ clock, perSecond: 4 * bytesPerSecond, perNamespacePerSecond: bytesPerSecond }),
      clock,
      minWriteIntervalMs,
      onPass: (report) => passes.push(report),
      onThrottle: (_, waitMs) => throttles.push(waitMs),
    });
    return strays.of(reconcile);
  }

  function watch(): void {
    for (; seen < api.events.length; seen++) {
      const event = api.events[seen];
      if (event === undefined) return;
      const { namespace = "", name = "", resourceVersion = "", labels = {} } = event.object.metadata;
      const place = { namespace, name, resourceVersion };
      if (event.resource === metadataMirrors) {
        stores.mirrors[event.type]({ ...place, object: metadataMirror(event.object) });
      } else if (event.resource === configMaps) {
        // the watch asks for those with our label: one that lost it is gone, and told of no more
        const type = mirrorLabel in labels ? event.type : "remove";
        const key = `${namespace}/${name}`;
        if (type === "apply") shown.add(key);
        else if (!shown.delete(key)) continue;
        stores.configMaps[type]({ ...place, object: configMapState(event.object, digest) });
      }
    }
  }

  const status = () =>
    MetadataMirrorStatus.parse(api.find(metadataMirrors, { namespace: "shop", name: "web-peers" })?.["status"] ?? {});
  return {
    ...api,
    clock,
    stores,
    passes,
    throttles,
    reconcile: start(),
    watch,
    status,
    putMirror(sketch) {
      api.put(metadataMirrors, mirrorObject(sketch));
      watch();
    },
    seePods(...them) {
      for (const pod of them) {
        const { namespace, name } = pod;
        stores.pods.apply({ namespace, name, resourceVersion: String(++pods), object: pod });
      }
    },
    data: (name = "web-peers") => api.find(configMaps, { namespace: "shop", name })?.["data"],
    condition(type) {
      const found = status().conditions?.find((condition) => condition.type === type);
      return found && `${found.status} ${found.reason}`;
    },
    restart() {
      watch();
      return start();
    },
  };
}
