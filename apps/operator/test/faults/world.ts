import {
  type ApiClient,
  configMaps,
  type KubernetesObject,
  namespaces,
  nodes,
  pods,
  type Resource,
} from "@metadata-mirror/api-client";
import { arrival, createHistory, type History, type Presence } from "./history.ts";

/** A pod of a case, whose labels `rev` and `twin` always change together. */
export interface WorldPod extends Presence {
  readonly namespace: string;
  readonly name: string;
  readonly app: "web" | "db";
  readonly revs: History<string>;
  /** Whom a grant shows it, where it is in another namespace than the mirrors. */
  readonly tier: Tier;
}

/** Of pods of the second namespace: `open` ones are always granted, the others in turns, `even` ones first. */
type Tier = "open" | "even" | "odd";

/**
 * What one case has to itself: two namespaces, pods in both, a node, and in the first namespace three mirrors of theirs: `local` of its own
 * pods, `across` of those of both as far as grants of the second one say so, and `shifting`, whose selector changes. It does all that
 * a cluster does to a mirror, by a client that no fault is in the way of, and remembers what was when.
 */
export interface World {
  /** Where the mirrors are, and where else pods are. */
  readonly namespaces: readonly [string, string];
  readonly pods: readonly WorldPod[];
  /** The CPUs of the node, as limits.cpu of its pods shows them. */
  readonly cpus: History<string>;
  /** What the mirror `shifting` selects. */
  readonly shifting: History<WorldPod["app"]>;
  /** When there was a grant of the pods of a tier. */
  readonly grants: Readonly<Record<Tier, readonly Presence[]>>;
  /** The versions of ConfigMaps that this world wrote, and not the operator. */
  readonly foreign: ReadonlySet<string>;
  /** Changes something of every resource: labels, a pod that comes, one that goes, a selector, a grant, the node, a ConfigMap by hand. */
  change(): Promise<void>;
  /** Remembers what is now; what is returned is called when the API server has it again, having lost all since. */
  remember(): () => void;
  /** Takes away what other cases would see. */
  end(): Promise<void>;
}

const group = { group: "metadatamirror.dev", version: "v1alpha1", namespaced: true };
const mirrors: Resource = { ...group, plural: "metadatamirrors", kind: "MetadataMirror" };
const grants: Resource = { ...group, plural: "metadatagrants", kind: "MetadataGrant" };

const object = (kind: string, namespace: string, name: string, rest: object): KubernetesObject => ({
  apiVersion: kind.startsWith("Metadata") ? "metadatamirror.dev/v1alpha1" : "v1",
  kind,
  metadata: { ...(namespace !== "" && { namespace }), name },
  ...rest,
});

const selecting = (app: string, within: readonly string[]) => ({
  peers: { selector: { matchLabels: { app } }, include: "All", namespaces: within },
});

const items = [
  { path: "name", fieldRef: { fieldPath: "metadata.name" } },
  { path: "rev", fieldRef: { fieldPath: "metadata.labels['rev']" } },
  { path: "twin", fieldRef: { fieldPath: "metadata.labels['twin']" } },
  { path: "cpu", resourceFieldRef: { containerName: "main", resource: "limits.cpu" } },
];

/** Makes one, of names that begin with `id`. */
export async function createWorld(client: ApiClient, id: string): Promise<World> {
  const [own, other] = [`${id}-own`, `${id}-other`];
  const [node, spare] = [`${id}-node`, `${id}-spare`];
  const all: WorldPod[] = [];
  const granted: Record<Tier, Presence[]> = { open: [], even: [], odd: [] };
  const foreign = new Set<string>();
  const cpus = createHistory("4");
  const shifting = createHistory<WorldPod["app"]>("web");
  let round = 0;

  async function addPod(namespace: string, name: string, app: "web" | "db", tier: Tier = "open") {
    const pod = { namespace, name, app, tier, revs: createHistory("0"), ...arrival() };
    all.push(pod);
    const { metadata, ...rest } = object("Pod", namespace, name, {
      spec: { nodeName: node, containers: [{ name: "main", image: "web" }] },
    });
    await client.create(pods, { ...rest, metadata: { ...metadata, labels: { app, tier, rev: "0", twin: "0" } } });
    return pod;
  }

  async function relabel(pod: WorldPod, rev: string) {
    pod.revs.become(rev);
    await client.patch(pods, pod, { metadata: { labels: { rev, twin: rev } } });
  }

  const isGranted = (tier: Tier) => granted[tier].at(-1)?.until === Infinity;

  async function addGrant(tier: Tier) {
    granted[tier].push(arrival());
    await client.create(
      grants,
      object("MetadataGrant", other, tier, {
        spec: {
          from: [{ namespace: own }],
          selector: { matchLabels: { tier } },
          fields: { fieldPaths: ["metadata.name", "metadata.labels", "status.phase"], resources: ["limits.cpu"] },
        },
      }),
    );
  }

  async function toggleGrants() {
    for (const tier of ["even", "odd"] as const) {
      const last = granted[tier].at(-1);
      if (last?.until === Infinity) {
        await client.delete(grants, { namespace: other, name: tier });
        last.until = performance.now();
      } else await addGrant(tier);
    }
  }

  async function renumber(cpu: string) {
    cpus.become(cpu);
    await client.patch(nodes, { name: node, subresource: "status" }, { status: { allocatable: { cpu } } });
  }

  /** Changes objects that nothing is made of, right after those that matter: so that there are events of two to change places. */
  async function touch() {
    const metadata = { annotations: { touched: `${round}` } };
    await client.patch(nodes, { name: spare }, { metadata });
    await client.patch(grants, { namespace: other, name: "open" }, { metadata });
  }

  async function shift(app: WorldPod["app"]) {
    shifting.become(app);
    await client.patch(mirrors, { namespace: own, name: "shifting" }, { spec: selecting(app, [own]) });
  }

  async function editByHand() {
    const edit = { data: { stays_rev: "by hand", foreign: `${round}` } };
    const { metadata } = await client.patch(configMaps, { namespace: own, name: "local" }, edit);
    foreign.add(metadata.resourceVersion ?? "");
  }

  for (const name of [own, other]) await client.create(namespaces, object("Namespace", "", name, {}));
  for (const name of [node, spare])
    await client.create(nodes, object("Node", "", name, { status: { allocatable: { cpu: cpus.now } } }));
  const stays = await addPod(own, "stays", "web");
  await addPod(own, "steady", "web");
  await addPod(own, "db", "db");
  const far = await addPod(other, "far", "web");
  for (const tier of ["even", "odd"] as const) await addPod(other, tier, "web", tier);
  await addGrant("open");
  await addGrant("even");
  for (const [name, spec] of [
    ["local", selecting("web", [own])],
    ["across", selecting("web", [own, other])],
    ["shifting", selecting("web", [own])],
  ] as const)
    await client.create(mirrors, object("MetadataMirror", own, name, { spec: { ...spec, items } }));
  let latest = await addPod(own, "came-0", "web");

  return {
    namespaces: [own, other],
    pods: all,
    cpus,
    shifting,
    grants: granted,
    foreign,
    async change() {
      round += 1;
      await relabel(stays, `${round}`);
      await relabel(far, `${round}`);
      await client.delete(pods, latest, { gracePeriodSeconds: 0 });
      latest.until = performance.now();
      latest = await addPod(own, `came-${round}`, "web");
      await shift(shifting.now === "web" ? "db" : "web");
      await toggleGrants();
      await renumber(`${4 + round}`);
      await touch();
      await editByHand();
    },
    remember() {
      const there = new Set(all.filter(({ until }) => until === Infinity));
      const revs = all.map((pod) => [pod, pod.revs.now] as const);
      const [cpu, app, then] = [cpus.now, shifting.now, latest];
      const wasGranted = { even: isGranted("even"), odd: isGranted("odd") };
      return () => {
        for (const [pod, rev] of revs) pod.revs.become(rev);
        for (const pod of all) pod.until = there.has(pod) ? Infinity : Math.min(pod.until, performance.now());
        cpus.become(cpu);
        shifting.become(app);
        latest = then;
        for (const tier of ["even", "odd"] as const) {
          const last = granted[tier].at(-1);
          if (wasGranted[tier] && !isGranted(tier)) granted[tier].push(arrival());
          if (!wasGranted[tier] && last !== undefined) last.until = Math.min(last.until, performance.now());
        }
      };
    },
    async end() {
      for (const name of [node, spare]) await client.delete(nodes, { name });
    },
  };
}
