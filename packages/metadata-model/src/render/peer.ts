import type { Permit } from "../authorize.ts";
import type { Digest } from "../config-map.ts";
import type { PodMetadata } from "../pod-metadata.ts";
import type { NodeKnowledge } from "../node-metadata.ts";
import type { ItemProblem, PeerRecord, Projection } from "../project.ts";
import { utf8Length } from "../utf8.ts";
import type { Aggregate } from "./aggregate.ts";
import { renderFiles } from "./files.ts";
import { type TemplatePeer, templatePeer } from "./template-peer.ts";
import { type Value, valueOf } from "./value.ts";

/** One peer as it is written: its own keys, and what it adds to each aggregate. */
export interface RenderedPeer {
  /** What `place` knows it by: short, and telling nothing of the pod. */
  readonly id: string;
  /** What it adds to the size of a shard, in bytes: its values, and twice its keys, which managedFields repeats. */
  readonly size: number;
  readonly files: ReadonlyMap<string, Value>;
  /** One for each aggregate, in their order. */
  readonly fragments: readonly string[];
  /** What templates are rendered over; only where the mirror has one, for it is the peer once more in memory. */
  readonly record?: TemplatePeer;
  /** What is said of it in messages: its name, or only its namespace where the name isn't granted. */
  readonly title: string;
  readonly problems: readonly ItemProblem[];
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
}

/** Ids are cut to this many characters of their digest, each 6 bits: enough for one mirror, and a thousand of them are 11 KB. */
const idLength = 10;

// one for all: most peers have none
const noFiles: RenderedPeer["files"] = new Map();
const noProblems: RenderedPeer["problems"] = [];

function renderPeer(pod: PodMetadata, node: NodeKnowledge, permit: Permit, style: PeerStyle): RenderedPeer {
  const id = style.digest(pod.uid).slice(0, idLength);
  const record: PeerRecord = { id, own: permit.own, ...style.project(pod, node, permit) };
  const { entries, tooLong } = style.files ? renderFiles(record) : { entries: [], tooLong: [] };
  const added = style.aggregates.map((aggregate) => aggregate.fragment(record));
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
  return {
    id,
    size: fileBytes + fragmentBytes + idLength + 1,
    files: files.length === 0 ? noFiles : new Map(files),
    fragments,
    ...(style.templates.length > 0 && { record: templatePeer(record) }),
    title: permit.named ? `${pod.namespace}/${pod.name}` : `a pod of ${pod.namespace}`,
    problems: problems.length === 0 ? noProblems : problems,
  };
}

/** The problem without its message, which may name the pod's node or its other containers: no grant speaks of these. */
function discreet({ path, reason }: ItemProblem): ItemProblem {
  return { path, reason, message: `${reason} (more is told of pods of the mirror's own namespace only)` };
}

function keyTooLong(path: string): ItemProblem {
  return { path, reason: "KeyTooLong", message: "its key would be longer than the 253 characters of a ConfigMap key" };
}

/**
 * A function that renders a pod, and remembers what it made for as long as the pod's record is the same object, its node
 * and permit are the same: a pass over many peers costs the rendering of those that changed.
 */
export function peerRenderer(
  style: PeerStyle,
): (pod: PodMetadata, node: NodeKnowledge, permit: Permit) => RenderedPeer {
  const made = new WeakMap<PodMetadata, { node: NodeKnowledge; permit: string; peer: RenderedPeer }>();
  return (pod, node, permit) => {
    const known = made.get(pod);
    if (known !== undefined && known.node === node && known.permit === permit.id) return known.peer;
    const peer = renderPeer(pod, node, permit, style);
    made.set(pod, { node, permit: permit.id, peer });
    return peer;
  };
}
