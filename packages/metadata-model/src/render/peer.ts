import type { Permit } from "../authorize.ts";
import type { Digest } from "../config-map.ts";
import type { PodMetadata } from "../pod-metadata.ts";
import type { NodeKnowledge } from "../node-metadata.ts";
import type { ItemProblem, PeerRecord, Projection } from "../project.ts";
import { utf8Length } from "../utf8.ts";
import type { Aggregate } from "./aggregate.ts";
import { renderFiles } from "./files.ts";
import type { RecentFragments } from "./recent-fragments.ts";
import { type TemplatePeer, templatePeer } from "./template-peer.ts";
import { type Value, valueOf } from "./value.ts";

/** One peer as it is written. There are as many in memory as there are pods, so what follows from the rest is not in it. */
export interface RenderedPeer {
  /** What `place` knows it by: short, and telling nothing of the pod. */
  readonly id: string;
  /** What it adds to the size of a shard, in bytes: its values, and twice its keys, which managedFields repeats. */
  readonly size: number;
  readonly files: ReadonlyMap<string, Value>;
  /** By the aggregate's position: what it adds to those whose names are looked at in each pass. What it adds to others is made anew, see `PeerRenderer`. */
  readonly named: readonly (string | undefined)[];
  /** What templates are rendered over; only where the mirror has one, for it is the peer once more in memory. */
  readonly record?: TemplatePeer;
  readonly problems: readonly ItemProblem[];
  readonly pod: PodMetadata;
  readonly node: NodeKnowledge;
  readonly permit: Permit;
}

/** What a peer is made of. */
type Origin = Pick<RenderedPeer, "id" | "pod" | "node" | "permit">;

/** How peers are told of in messages: by name, or only by namespace where the name isn't granted. */
export function titleOf({ pod, permit }: Pick<RenderedPeer, "pod" | "permit">): string {
  return permit.named ? `${pod.namespace}/${pod.name}` : `a pod of ${pod.namespace}`;
}

/** How a mirror writes a peer. */
export interface PeerStyle {
  /** Whether the Files format is among those of the mirror. */
  readonly files: boolean;
  readonly aggregates: readonly Aggregate[];
  /** Those of the mirror: where there are any, peers have records. */
  readonly templates: readonly unknown[];
  readonly project: (pod: PodMetadata, node: NodeKnowledge, permit: Permit) => Projection;
  readonly digest: Digest;
  readonly recent: RecentFragments;
}

/** Renders the peers of one mirror. */
export interface PeerRenderer {
  readonly render: (pod: PodMetadata, node: NodeKnowledge, permit: Permit) => RenderedPeer;
  /** What the peer adds to each aggregate, in their order: made anew, where it was not asked for of late. */
  readonly fragmentsOf: (peer: RenderedPeer) => readonly string[];
}

/** Ids are cut to this many characters of their digest, each 6 bits: enough for one mirror, and a thousand of them are 11 KB. */
const idLength = 10;

// one for all: most peers have none
const noFiles: RenderedPeer["files"] = new Map();
const noProblems: RenderedPeer["problems"] = [];
const noNames: RenderedPeer["named"] = [];

/** A renderer of peers. It remembers fragments alone, as `style.recent` does: who has a peer knows what it was made of. */
export function peerRenderer(style: PeerStyle): PeerRenderer {
  const { aggregates, recent } = style;
  const isNamed = aggregates.some(({ names }) => names !== undefined);

  const recordOf = ({ id, pod, node, permit }: Origin): PeerRecord => ({
    id,
    own: permit.own,
    ...style.project(pod, node, permit),
  });

  function render(pod: PodMetadata, node: NodeKnowledge, permit: Permit): RenderedPeer {
    const id = style.digest(pod.uid).slice(0, idLength);
    const record = recordOf({ id, pod, node, permit });
    const { entries, tooLong } = style.files ? renderFiles(record) : { entries: [], tooLong: [] };
    const added = aggregates.map((aggregate) => aggregate.fragment(record));
    const fragments = added.map(({ text }) => text);
    const files = entries.map(({ key, value }) => [key, valueOf(value, style.digest)] as const);
    const fileBytes = files.reduce((sum, [key, { bytes }]) => sum + 2 * key.length + bytes, 0);
    const fragmentBytes = fragments.reduce((sum, fragment) => sum + utf8Length(fragment) + 2, 0);
    const problems = [
      ...[...record.problems, ...added.flatMap(({ problems = [] }) => problems)].map((problem) =>
        permit.own ? problem : discreet(problem),
      ),
      ...tooLong.map(({ path }) => keyTooLong(path)),
    ];
    const peer: RenderedPeer = {
      id,
      size: fileBytes + fragmentBytes + idLength + 1,
      files: files.length === 0 ? noFiles : new Map(files),
      named: isNamed ? aggregates.map(({ names }, at) => names && fragments[at]) : noNames,
      problems: problems.length === 0 ? noProblems : problems,
      pod,
      node,
      permit,
      ...(style.templates.length > 0 && { record: templatePeer(record) }),
    };
    recent.of(peer, () => fragments);
    return peer;
  }

  function fragmentsAnew(peer: RenderedPeer): readonly string[] {
    const record = recordOf(peer);
    return aggregates.map((aggregate, at) => peer.named[at] ?? aggregate.fragment(record).text);
  }

  return { render, fragmentsOf: (peer) => recent.of(peer, () => fragmentsAnew(peer)) };
}

/** The problem without its message, which may name the pod's node or its other containers: no grant speaks of these. */
function discreet({ path, reason }: ItemProblem): ItemProblem {
  return { path, reason, message: `${reason} (more is told of pods of the mirror's own namespace only)` };
}

function keyTooLong(path: string): ItemProblem {
  return { path, reason: "KeyTooLong", message: "its key would be longer than the 253 characters of a ConfigMap key" };
}
