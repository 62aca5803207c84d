import { authorize, peerNamespaces } from "./authorize.ts";
import { completeness } from "./complete.ts";
import type { Finding } from "./condition.ts";
import type { Digest } from "./config-map.ts";
import { existingShards, whereaboutsReader } from "./existing.ts";
import { layouter } from "./layout.ts";
import type { ReadableMirror } from "./metadata-mirror.ts";
import { occupation } from "./ownership.ts";
import { projector } from "./project.ts";
import type { WriteProblem } from "./ready.ts";
import { claimSettler } from "./render/claims.ts";
import { aggregateOf, templateOf } from "./render/formats.ts";
import { peerRenderer, type RenderedPeer } from "./render/peer.ts";
import { peersRenderer } from "./render/peers.ts";
import { createRecentFragments, type RecentFragments } from "./render/recent-fragments.ts";
import { emptyShardSize, shardRenderer } from "./render/shard.ts";
import { selector } from "./select.ts";
import { shardName } from "./shard.ts";
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
  /** ConfigMaps of which some peers are elsewhere too, and which let go of them once `World.mayLetGo` says so. */
  readonly waiting: readonly string[];
  readonly status: PlannedStatus;
}

/** What the plan knows of the status; Ready is known once it is carried out. */
interface PlannedStatus extends Counts {
  /** Authorized, Complete and Refreshed. */
  readonly findings: readonly Finding[];
}

/**
 * A function that plans for one generation of a mirror. The plan depends on the mirror and the world alone: what the function
 * remembers is rendering that need not be done again for a pod whose record is still the same object, and in `recent`, which mirrors may share,
 * the text of peers.
 */
export function planner(
  mirror: ReadableMirror,
  digest: Digest,
  recent: RecentFragments = createRecentFragments(),
): (world: World) => Plan {
  const { spec } = mirror;
  const select = selector(mirror);
  const style = styleOf(mirror, digest);
  const settleClaims = claimSettler(style.aggregates);
  const { render, fragmentsOf } = peerRenderer({ ...style, project: projector(spec.items), recent });
  const renderAll = peersRenderer(render);
  const layOut = layouter({ ...style, output: spec.output, emptySize: emptyShardSize(style.aggregates) });
  const whereaboutsOf = whereaboutsReader(mirror);
  const complete = completeness();
  const step = shardStepper(mirror, shardRenderer({ ...style, fragmentsOf }));

  return (world) => {
    const authorization = authorize(mirror, world.grants, world.reachable);
    const existing = existingShards(mirror, world.existing);
    const whereabouts = whereaboutsOf(existing);
    const peers = settleClaims(renderAll(select(world.pods), { ...world, permit: authorization.permit }));
    const isBlocked = (index: number) => {
      const found = existing.get(index);
      const occupied = found !== undefined && (found.immutable || occupation(found, mirror) !== undefined);
      return occupied || world.isBlocked(shardName(mirror, index));
    };
    const mayLetGo = (index: number) => world.mayLetGo(shardName(mirror, index));
    const layout = layOut(peers, { whereabouts, first: existing.get(0), isBlocked, mayLetGo });
    const { shards, contents, moves, documents } = layout;

    const indexes = [...new Set([...contents.keys(), ...existing.keys()])].toSorted((a, b) => a - b);
    const steps = indexes.map((index) => {
      const content = { peers: contents[index] ?? [], documents: index === 0 ? documents : [] };
      return step({ index, ...content, found: existing.get(index), move: moves.get(index) ?? "none" }, world);
    });

    const problems = steps.flatMap((taken) => (taken.do === "report" ? [taken.problem] : []));
    return {
      create: steps.flatMap((taken) => (taken.do === "create" ? [taken] : [])),
      patch: steps.flatMap((taken) => (taken.do === "patch" ? [taken] : [])),
      remove: steps.flatMap((taken) => (taken.do === "remove" ? [taken] : [])),
      problems,
      waiting: layout.waiting.map((index) => shardName(mirror, index)),
      status: {
        ...countsOf(neededShards(mirror, shards), problems),
        findings: [
          authorization.finding,
          complete({ ...layout, keeps: style.keeps }),
          ...refreshedFindings(mirror, world),
        ],
      },
    };
  };
}

/** What the formats of `mirror` come to. */
function styleOf({ namespace, spec }: ReadableMirror, digest: Digest) {
  const { formats } = spec.output;
  return {
    digest,
    files: formats.some(({ type }) => type === "Files"),
    aggregates: formats.flatMap((format) => aggregateOf(format) ?? []),
    templates: formats.flatMap((format) => templateOf(format) ?? []),
    isSharded: formats.some(({ type }) => type !== "Template"),
    // what an old document shows of peers of other namespaces may no longer be granted
    keeps: peerNamespaces({ namespace, spec }).every((other) => other === namespace),
  };
}

/** The shards that there are to be: those with peers, and the first one always. */
function neededShards(mirror: ReadableMirror, shards: readonly (readonly RenderedPeer[])[]) {
  return shards
    .map((peers, index) => ({ name: shardName(mirror, index), peers: peers.length }))
    .filter(({ peers }, index) => index === 0 || peers > 0);
}

/** Refreshed, of a mirror whose consumers are to be refreshed. */
function refreshedFindings({ namespace, spec }: ReadableMirror, { refreshRefused }: World): readonly Finding[] {
  if (spec.consumers.refreshPolicy === "KubeletSync") return [];
  if (!refreshRefused) {
    const message = "pods that mount the ConfigMaps are told of each change, so that their kubelet syncs them at once";
    return [{ type: "Refreshed", status: "True", reason: "Immediate", message }];
  }
  const message = `the operator may not patch pods/status in namespace ${namespace}, so files follow when the kubelet syncs, in about a minute: give it the role metadata-mirror-refresh (deploy/refresh)`;
  return [{ type: "Refreshed", status: "False", reason: "Forbidden", message }];
}
