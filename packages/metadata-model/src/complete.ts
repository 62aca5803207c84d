import type { Finding } from "./condition.ts";
import type { Format } from "./format.ts";
import type { RenderedPeer } from "./render/peer.ts";

/** What a pass had to leave out. */
export interface LeftOut {
  /** Formats that this release can't write. */
  readonly formats: readonly Format[];
  /** Peers that are larger than a shard. */
  readonly tooLarge: readonly RenderedPeer[];
  /** Peers for which `maxShards` is too few. */
  readonly noRoom: readonly RenderedPeer[];
  /** The peers that are written; their own problems tell the items that are not. */
  readonly placed: readonly RenderedPeer[];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** The Complete condition: what is left out and why, the first of each kind by name. Nothing is ever cut silently. */
export function completeFinding({ formats, tooLarge, noRoom, placed }: LeftOut): Finding {
  const kinds: { reason: string; message: string }[] = [];
  if (formats.length > 0) {
    const types = [...new Set(formats.map((format) => format.type))].join(", ");
    kinds.push({ reason: "FormatUnsupported", message: `this release of the operator can't write ${types}` });
  }
  const [large] = tooLarge;
  if (large !== undefined) {
    const message = `${count(tooLarge.length, "peer")} larger than output.maxShardSize left out, first ${large.title}`;
    kinds.push({ reason: "PeerTooLarge", message });
  }
  const [homeless] = noRoom;
  if (homeless !== undefined) {
    const message = `${count(noRoom.length, "peer")} left out since output.maxShards are full, first ${homeless.title}`;
    kinds.push({ reason: "TooManyPeers", message });
  }
  kinds.push(...itemKinds(placed));
  const [first] = kinds;
  if (first === undefined) {
    return { type: "Complete", status: "True", reason: "AllPeers", message: "nothing that may be shown is left out" };
  }
  const message = kinds.map((kind) => kind.message).join("; ");
  return { type: "Complete", status: "False", reason: first.reason, message };
}

/** One kind a reason, the reasons in the order of the alphabet, so that the condition doesn't flap with the order of peers. */
function itemKinds(placed: readonly RenderedPeer[]): { reason: string; message: string }[] {
  const problems = placed.flatMap((peer) => peer.problems.map((problem) => ({ ...problem, title: peer.title })));
  const byReason = Object.groupBy(problems, (problem) => problem.reason);
  return Object.entries(byReason)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([reason, [first, ...more]]) => {
      if (first === undefined) return [];
      const others = more.length === 0 ? "" : ` (and ${count(more.length, "more item")})`;
      return [{ reason, message: `item ${first.path} of ${first.title} left out: ${first.message}${others}` }];
    });
}
