import { db0, type ExpectedPeer, extras, note, web0, web0Canary, web1, web1Noted, web2 } from "./cast.ts";
import type { Expectation } from "./expectation.ts";
import {
  createMirror,
  createPods,
  deleteConfigMap,
  deleteEveryPod,
  deletePods,
  patchConfigMap,
  patchMirror,
  patchPod,
  patchPodStatus,
  rehearseMirror,
  together,
  type Write,
} from "./writes.ts";

/** One change of the cluster, and what the ConfigMaps are to hold after it. */
export interface Step {
  readonly title: string;
  readonly write: Write;
  readonly expected: Expectation;
}

/** What the demo plays. */
export interface Scenario {
  /** What is there before: no step, nobody has to see it. */
  readonly prologue: Write;
  /** Comes once. */
  readonly opening: Step;
  /** Begins after `opening` or `reset`. */
  readonly lap: readonly Step[];
  /** Leads back to where a lap can begin, also from the middle of one. */
  readonly reset: readonly Step[];
}

const spec = {
  peers: { selector: { matchLabels: { app: "web" } } },
  items: [
    { path: "podName", fieldRef: { fieldPath: "metadata.name" } },
    { path: "podIP", fieldRef: { fieldPath: "status.podIP" } },
    { path: "labels", fieldRef: { fieldPath: "metadata.labels" } },
    { path: "annotations", fieldRef: { fieldPath: "metadata.annotations" } },
    {
      path: "cpuRequestMilli",
      resourceFieldRef: { containerName: "main", resource: "requests.cpu", divisor: "1m" },
    },
  ],
  output: { formats: [{ type: "Files" }, { type: "JSON", key: "peers.json" }] },
};

const appIsWeb = { matchLabels: { app: "web" }, matchExpressions: null };
const appIsWebOrDb = { matchLabels: null, matchExpressions: [{ key: "app", operator: "In", values: ["web", "db"] }] };
const failed = { phase: "Failed", conditions: [{ type: "Ready", status: "False" }] };

/** Exactly these peers, in the order of `peers.json`. */
function holds(peers: readonly ExpectedPeer[], configMaps = 1): Expectation {
  return { peers, configMaps };
}

/**
 * The scenario. The mirror is not deleted in it: that leaves its ConfigMaps to the garbage collector, which runs in the
 * controller manager and so not here. What it goes by, the ownerReference, is looked at in every step.
 */
export const scenario: Scenario = {
  prologue: together(createPods([web0.pod, web1.pod, db0.pod]), rehearseMirror(spec)),
  opening: {
    title: "the MetadataMirror is created: its peers are web-0 and web-1",
    write: createMirror(spec),
    expected: holds([web0.peer, web1.peer]),
  },
  lap: [
    {
      title: "web-2 comes",
      write: createPods([web2.pod]),
      expected: holds([web0.peer, web1.peer, web2.peer]),
    },
    {
      title: "web-0's label track becomes canary",
      write: patchPod("web-0", { metadata: { labels: { track: "canary" } } }),
      expected: holds([web0Canary, web1.peer, web2.peer]),
    },
    {
      title: "web-1 is annotated with quotes, a line break and unicode",
      write: patchPod("web-1", { metadata: { annotations: { note } } }),
      expected: holds([web0Canary, web1Noted, web2.peer]),
    },
    {
      title: "web-2 is relabelled app=batch, and leaves",
      write: patchPod("web-2", { metadata: { labels: { app: "batch" } } }),
      expected: holds([web0Canary, web1Noted]),
    },
    {
      title: "web-2 is relabelled app=web, and is back",
      write: patchPod("web-2", { metadata: { labels: { app: "web" } } }),
      expected: holds([web0Canary, web1Noted, web2.peer]),
    },
    {
      title: "web-1 fails, so it is no peer any more",
      write: patchPodStatus("web-1", failed),
      expected: holds([web0Canary, web2.peer]),
    },
    {
      title: "web-2 is deleted",
      write: deletePods(["web-2"]),
      expected: holds([web0Canary]),
    },
    {
      title: "somebody edits the ConfigMap by hand: it is put right",
      write: patchConfigMap({ data: { "web-0_podIP": "6.6.6.6", "peers.json": null, extra: "of no use" } }),
      expected: holds([web0Canary]),
    },
    {
      title: "somebody deletes the ConfigMap: it is made anew",
      write: deleteConfigMap,
      expected: holds([web0Canary]),
    },
    {
      title: "the mirror's selector takes app=db in: db-0 is a peer",
      write: patchMirror({ spec: { peers: { selector: appIsWebOrDb } } }),
      expected: holds([db0.peer, web0Canary]),
    },
    {
      title: "150 pods come: a second ConfigMap, web-peers-1",
      write: createPods(extras.map(({ pod }) => pod)),
      expected: holds([db0.peer, web0Canary, ...extras.map(({ peer }) => peer)], 2),
    },
    {
      title: "150 pods go: the second ConfigMap goes too",
      write: deletePods(extras.map(({ pod }) => pod.name)),
      expected: holds([db0.peer, web0Canary]),
    },
    {
      title: "the mirror's selector is app=web again: db-0 leaves",
      write: patchMirror({ spec: { peers: { selector: appIsWeb } } }),
      expected: holds([web0Canary]),
    },
  ],
  reset: [
    {
      title: "every pod is deleted: the ConfigMap stays, without peers",
      write: deleteEveryPod,
      expected: holds([]),
    },
    {
      title: "web-0, web-1 and db-0 come, as in the beginning",
      write: together(
        patchMirror({ spec: { peers: { selector: appIsWeb } } }),
        createPods([web0.pod, web1.pod, db0.pod]),
      ),
      expected: holds([web0.peer, web1.peer]),
    },
  ],
};

/** Steps in the order in which they are to be played: each next one is asked for with whether the last one went right. */
export type Play = Generator<Step, void, boolean>;

/** Everything once, up to the first step that goes wrong. */
export function* once({ opening, lap, reset }: Scenario): Play {
  for (const step of [opening, ...lap, ...reset]) if (!(yield step)) return;
}

/** Lap after lap; one in which a step goes wrong, since somebody else has a hand in it, is begun anew. */
export function* endlessly({ opening, lap, reset }: Scenario): Play {
  yield opening;
  for (;;) {
    for (const step of lap) if (!(yield step)) break;
    yield* reset;
  }
}
