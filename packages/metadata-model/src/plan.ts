import { authorize } from "./authorize.ts";
import { completeFinding } from "./complete.ts";
import type { Finding } from "./condition.ts";
import type { Digest } from "./config-map.ts";
import { existingShards, movesOf, placementOf } from "./existing.ts";
import type { MetadataMirrorSpec, ReadableMirror } from "./metadata-mirror.ts";
import { occupation } from "./ownership.ts";
import { place } from "./place.ts";
import { projector } from "./project.ts";
import type { WriteProblem } from "./ready.ts";
import { aggregateOf, isSupported } from "./render/formats.ts";
import { peerRenderer, type RenderedPeer } from "./render/peer.ts";
import { emptyShardSize, shardRenderer } from "./render/shard.ts";
import { selector } from "./select.ts";
import { shardLimits, shardName } from "./shard.ts";
import { type Removal, type ShardWrite, shardStepper } from "./shard-step.ts";
import { type Counts, countsOf } from "./status.ts";
import type { World } from "./world.ts";

/** What brings the ConfigMaps of a mirror to what they should be. Empty lists where they are. */
export interface Plan {
  readonly create: readonly ShardWrite[];
  /** Those that take peers over are to be written before the others: then no peer that stays is ever missing. */
  readonly patch: readonly ShardWrite[];
  readonly remove: readonly Removal[];
  /** ConfigMaps that can't be written, and why. */
  readonly problems: readonly WriteProblem[];
  readonly status: PlannedStatus;
}

/** What the plan knows of the status; Ready is known once it is carried out. */
interface PlannedStatus extends Counts {
  /** Authorized, Complete and Refreshed. */
  readonly findings: readonly Finding[];
}

/**
 * A function that plans for one generation of a mirror. The plan depends on the mirror and the world alone: what the function
 * remembers is rendering that need not be done again for a pod whose record is still the same object.
 */
export function planner(mirror: ReadableMirror, digest: Digest): (world: World) => Plan {
  const { spec } = mirror;
  const select = selector(mirror);
  const aggregates = spec.output.formats.flatMap((format) => aggregateOf(format) ?? []);
  const files = spec.output.formats.some((format) => format.type === "Files");
  const project = projector(spec.items);
  const render = peerRenderer({ mirrorNamespace: mirror.namespace, files, aggregates, project, digest });
  const renderShard = shardRenderer(aggregates, digest);
  const limits = shardLimits(spec.output, emptyShardSize(aggregates));
  const step = shardStepper(mirror, renderShard);

  return (world) => {
    const authorization = authorize(mirror, world.grants, world.reachable);
    const existing = existingShards(mirror, world.existing);
    const held = placementOf(mirror, existing);
    const peers = select(world.pods).flatMap((pod) => {
      const permit = authorization.permit(pod);
      return permit === undefined ? [] : [render(pod, world.node(pod.nodeName), permit)];
    });
    const isBlocked = (index: number) => {
      const found = existing.get(index);
      const occupied = found !== undefined && occupation(found, mirror) !== undefined;
      return occupied || world.isBlocked(shardName(mirror, index));
    };
    const { shards, left } = place(peers, held, limits, isBlocked);

    const indexes = [...new Set([...shards.keys(), ...existing.keys()])].toSorted((a, b) => a - b);
    const moves = movesOf(shards, held);
    const steps = indexes.map((index) =>
      step({ index, peers: shards[index] ?? [], found: existing.get(index), move: moves.get(index) ?? "none" }, world),
    );

    const placed = shards.flat();
    const problems = steps.flatMap((taken) => (taken.do === "report" ? [taken.problem] : []));
    const isTooLarge = (peer: RenderedPeer) => peer.size + limits.emptySize > limits.maxShardSize;
    const tooLarge = left.filter(isTooLarge);
    const noRoom = left.filter((peer) => !isTooLarge(peer));
    const formats = spec.output.formats.filter((format) => !isSupported(format));
    return {
      create: steps.flatMap((taken) => (taken.do === "create" ? [taken] : [])),
      patch: steps.flatMap((taken) => (taken.do === "patch" ? [taken] : [])),
      remove: steps.flatMap((taken) => (taken.do === "remove" ? [taken] : [])),
      problems,
      status: {
        ...countsOf(neededShards(mirror, shards), problems),
        findings: [
          authorization.finding,
          completeFinding({ formats, tooLarge, noRoom, placed }),
          ...refreshedFindings(spec),
        ],
      },
    };
  };
}

/** The shards that there are to be: those with peers, and the first one always. */
function neededShards(mirror: ReadableMirror, shards: readonly (readonly RenderedPeer[])[]) {
  return shards
    .map((peers, index) => ({ name: shardName(mirror, index), peers: peers.length }))
    .filter(({ peers }, index) => index === 0 || peers > 0);
}

function refreshedFindings({ consumers }: MetadataMirrorSpec): readonly Finding[] {
  if (consumers.refreshPolicy === "KubeletSync") return [];
  const message =
    "this release can't refresh consumers: their files follow when their kubelet syncs, in about a minute";
  return [{ type: "Refreshed", status: "False", reason: "Unsupported", message }];
}
