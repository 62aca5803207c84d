import type { Finding } from "./condition.ts";
import type { Layout } from "./layout.ts";
import { type RenderedPeer, titleOf } from "./render/peer.ts";

/** What a pass wrote and what it had to leave out; the problems of the peers that are written tell the items that are not. */
export interface LaidOut extends Pick<Layout, "shards" | "documents" | "tooLarge" | "noRoom"> {
  /** Whether a document that could not be made stays as it was, rather than go. */
  readonly keeps: boolean;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/**
 * A function that makes the Complete condition: what is left out and why, the first of each kind by name. Nothing is ever cut silently. It
 * remembers which peers of a shard have problems for as long as the shard's list is the same.
 */
export function completeness(): (laidOut: LaidOut) => Finding {
  const known = new WeakMap<readonly RenderedPeer[], readonly RenderedPeer[]>();
  const troubledOf = (peers: readonly RenderedPeer[]) => {
    const troubled = known.get(peers) ?? peers.filter(({ problems }) => problems.length > 0);
    known.set(peers, troubled);
    return troubled;
  };
  return (laidOut) => completeFinding(laidOut, laidOut.shards.flatMap(troubledOf));
}

function completeFinding({ documents, tooLarge, noRoom, keeps }: LaidOut, troubled: readonly RenderedPeer[]): Finding {
  const kinds: { reason: string; message: string }[] = [];
  for (const { key, problem } of documents) {
    if (problem === undefined) continue;
    const stays = keeps ? "what it last held stays" : "it is left out, since it shows peers of other namespaces";
    kinds.push({ reason: problem.reason, message: `document ${key}: ${problem.message}; ${stays}` });
  }
  const [large] = tooLarge;
  if (large !== undefined) {
    const message = `${count(tooLarge.length, "peer")} larger than output.maxShardSize left out, first ${titleOf(large)}`;
    kinds.push({ reason: "PeerTooLarge", message });
  }
  const [homeless] = noRoom;
  if (homeless !== undefined) {
    const message = `${count(noRoom.length, "peer")} left out since output.maxShards are full, first ${titleOf(homeless)}`;
    kinds.push({ reason: "TooManyPeers", message });
  }
  kinds.push(...itemKinds(troubled));
  const [first] = kinds;
  if (first === undefined) {
    return { type: "Complete", status: "True", reason: "AllPeers", message: "nothing that may be shown is left out" };
  }
  const message = kinds.map((kind) => kind.message).join("; ");
  return { type: "Complete", status: "False", reason: first.reason, message };
}

/** One kind a reason, the reasons in the order of the alphabet, so that the condition doesn't flap with the order of peers. */
function itemKinds(troubled: readonly RenderedPeer[]): { reason: string; message: string }[] {
  const problems = troubled.flatMap((peer) => peer.problems.map((problem) => ({ ...problem, title: titleOf(peer) })));
  const byReason = Object.groupBy(problems, (problem) => problem.reason);
  return Object.entries(byReason)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([reason, [first, ...more]]) => {
      if (first === undefined) return [];
      const others = more.length === 0 ? "" : ` (and ${count(more.length, "more item")})`;
      return [{ reason, message: `item ${first.path} of ${first.title} left out: ${first.message}${others}` }];
    });
}
