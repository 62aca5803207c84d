import { authorize, peerNamespaces } from "./authorize.ts";
import { completeFinding } from "./complete.ts";
import type { Finding } from "./condition.ts";
import type { ConfigMapState, Digest } from "./config-map.ts";
import { labelMatcher } from "./label-selector.ts";
import type { MetadataGrant } from "./metadata-grant.ts";
import type { MetadataMirrorSpec, ReadableMirror } from "./metadata-mirror.ts";
import { ownership } from "./ownership.ts";
import { place } from "./place.ts";
import type { PodMetadata } from "./pod-metadata.ts";
import { type NodeKnowledge, projector } from "./project.ts";
import type { WriteProblem } from "./ready.ts";
import { aggregate, isSupported } from "./render/aggregate.ts";
import { peerRenderer, type RenderedPeer } from "./render/peer.ts";
import { emptyShardSize, shardRenderer } from "./render/shard.ts";
import { byName, isPeer } from "./select.ts";
import { shardIndex, shardLimits, shardName } from "./shard.ts";
import { type Removal, type ShardWrite, shardStepper } from "./shard-step.ts";

/** What a plan is made from: the present, as the stores show it. */
export interface World {
  /** The pods of the mirror's peer namespaces, in any order; others do no harm. */
  readonly pods: Iterable<PodMetadata>;
  readonly node: (name: string) => NodeKnowledge;
  readonly grants: readonly MetadataGrant[];
  /** The ConfigMaps of the mirror's namespace that have our label, or that stand where we want to write. */
  readonly existing: Iterable<ConfigMapState>;
  /** Whether a pod of the mirror's namespace mounts the ConfigMap. */
  readonly mounted: (configMap: string) => boolean;
  /** Whether the operator watches the namespace at all. */
  readonly reachable: (namespace: string) => boolean;
}

/** What brings the ConfigMaps of a mirror to what they should be. Empty lists where they are. */
export interface Plan {
  readonly create: readonly ShardWrite[];
  /** Shards that take peers over come first: written in this order, no peer that stays is ever missing. */
  readonly patch: readonly ShardWrite[];
  readonly remove: readonly Removal[];
  /** ConfigMaps that can't be written, and why. */
  readonly problems: readonly WriteProblem[];
  readonly status: PlannedStatus;
}

/** What the plan knows of the status; Ready is known once it is carried out. */
export interface PlannedStatus {
  readonly peerCount: number;
  readonly shards: readonly { readonly name: string; readonly peers: number }[];
  /** Authorized, Complete and Refreshed. */
  readonly findings: readonly Finding[];
}

/**
 * A function that plans for one generation of a mirror. The plan depends on the mirror and the world alone: what the function
 * remembers is rendering that need not be done again for a pod whose record is still the same object.
 */
export function planner(mirror: ReadableMirror, digest: Digest): (world: World) => Plan {
  const { spec } = mirror;
  const matches = labelMatcher(spec.peers.selector);
  const namespaces = new Set(peerNamespaces(mirror));
  const aggregates = spec.output.formats.flatMap((format) => aggregate(format) ?? []);
  const files = spec.output.formats.some((format) => format.type === "Files");
  const project = projector(spec.items);
  const render = peerRenderer({ mirrorNamespace: mirror.namespace, files, aggregates, project, digest });
  const renderShard = shardRenderer(aggregates, digest);
  const limits = shardLimits(spec.output, emptyShardSize(aggregates));
  const step = shardStepper(mirror, renderShard);

  /** The peers, rendered and in order. */
  function peersOf({ pods, node }: World, permit: ReturnType<typeof authorize>["permit"]): RenderedPeer[] {
    const seen: PodMetadata[] = [];
    for (const pod of pods) {
      if (namespaces.has(pod.namespace) && matches(pod.labels) && isPeer(pod, spec.peers.include)) seen.push(pod);
    }
    return seen.toSorted(byName).flatMap((pod) => {
      const permitted = permit(pod);
      return permitted === undefined ? [] : [render(pod, node(pod.nodeName), permitted)];
    });
  }

  return (world) => {
    const authorization = authorize(mirror, world.grants, world.reachable);
    const existing = existingShards(mirror, world.existing);
    const held = placementOf(mirror, existing);
    const { shards, left } = place(peersOf(world, authorization.permit), held, limits);

    const indexes = [...new Set([...shards.keys(), ...existing.keys()])].toSorted((a, b) => a - b);
    const steps = indexes.map((index) =>
      step({ index, peers: shards[index] ?? [], found: existing.get(index) }, held, world),
    );

    const placed = shards.flat();
    const tooLarge = left.filter((peer) => peer.size + limits.emptySize > limits.maxShardSize);
    const formats = spec.output.formats.filter((format) => !isSupported(format));
    const noRoom = left.filter((peer) => !tooLarge.includes(peer));
    return {
      create: steps.flatMap((taken) => (taken.do === "create" ? [taken] : [])),
      patch: steps
        .flatMap((taken) => (taken.do === "patch" ? [taken] : []))
        .toSorted((a, b) => Number(b.takesOver) - Number(a.takesOver)),
      remove: steps.flatMap((taken) => (taken.do === "remove" ? [taken] : [])),
      problems: steps.flatMap((taken) => (taken.do === "report" ? [taken.problem] : [])),
      status: {
        peerCount: placed.length,
        shards: shards.flatMap((peers, index) =>
          index === 0 || peers.length > 0 ? [{ name: shardName(mirror, index), peers: peers.length }] : [],
        ),
        findings: [
          authorization.finding,
          completeFinding({ formats, tooLarge, noRoom, placed }),
          ...refreshedFindings(spec),
        ],
      },
    };
  };
}

/** The ConfigMaps that stand where shards of `mirror` belong, by index. */
function existingShards(mirror: ReadableMirror, configMaps: Iterable<ConfigMapState>): Map<number, ConfigMapState> {
  const shards = new Map<number, ConfigMapState>();
  for (const configMap of configMaps) {
    const index = configMap.namespace === mirror.namespace ? shardIndex(mirror, configMap.name) : undefined;
    if (index !== undefined) shards.set(index, configMap);
  }
  return shards;
}

/** Peer id → index of the shard that holds it. What ConfigMaps of others say of placement doesn't count. */
function placementOf(mirror: ReadableMirror, existing: ReadonlyMap<number, ConfigMapState>): Map<string, number> {
  const placement = new Map<string, number>();
  for (const [index, configMap] of existing) {
    const owner = ownership(configMap, mirror);
    if (owner !== "ours" && owner !== "adoptable") continue;
    for (const id of configMap.placement.split(" ")) placement.set(id, index);
  }
  return placement;
}

function refreshedFindings({ consumers }: MetadataMirrorSpec): readonly Finding[] {
  if (consumers.refreshPolicy === "KubeletSync") return [];
  const message =
    "this release can't refresh consumers: their files follow when their kubelet syncs, in about a minute";
  return [{ type: "Refreshed", status: "False", reason: "Unsupported", message }];
}
