import type { Digest } from "../config-map.ts";
import type { RenderedPeer } from "./peer.ts";
import { sameObjects } from "./same-objects.ts";
import type { Template } from "./template.ts";
import { type Value, valueOf } from "./value.ts";

/** A document of all peers of a mirror, which the first shard holds, or why there is none. */
export interface WholeDocument {
  readonly key: string;
  /** Undefined where it could not be made. */
  readonly value: Value | undefined;
  /** What it adds to the size of the shard, its key twice included, in bytes; of one that could not be made, what its key adds. */
  readonly size: number;
  readonly problem: DocumentProblem | undefined;
}

/** Why a document could not be made. */
interface DocumentProblem {
  readonly reason: string;
  /** A clause that names no peer. */
  readonly message: string;
}

/** What documents may take together. */
export interface Room {
  /** Keys twice included. */
  readonly bytes: number;
  readonly steps: number;
}

/**
 * A function that renders the documents of `templates` over `peers`, in the room that they have together, and answers the very same
 * object while the peers are the same objects and the room is the same.
 */
export function wholeDocumentRenderer(
  templates: readonly Template[],
  digest: Digest,
): (peers: readonly RenderedPeer[], room: Room) => readonly WholeDocument[] {
  let made: { peers: readonly RenderedPeer[]; room: Room; documents: readonly WholeDocument[] } | undefined;
  return (peers, room) => {
    const isSame = made?.room.bytes === room.bytes && made.room.steps === room.steps && sameObjects(made.peers, peers);
    if (made === undefined || !isSame) made = { peers, room, documents: renderAll(templates, peers, room, digest) };
    return made.documents;
  };
}

function renderAll(
  templates: readonly Template[],
  peers: readonly RenderedPeer[],
  room: Room,
  digest: Digest,
): readonly WholeDocument[] {
  const records = templates.length === 0 ? [] : peers.flatMap(({ record }) => record ?? []);
  const left = { ...room };
  return templates.map(({ key, render }, index): WholeDocument => {
    // what one doesn't need is for those after it, and one that never ends leaves them theirs
    const part = Math.floor(left.steps / (templates.length - index));
    const result = render(records, left.bytes - 2 * key.length, part);
    const text = "text" in result ? result.text : undefined;
    const value = text === undefined ? undefined : valueOf(text, digest);
    const size = 2 * key.length + (value?.bytes ?? 0);
    left.bytes -= size;
    left.steps -= result.steps;
    return {
      key,
      value,
      size,
      problem: "problem" in result ? result.problem : undefined,
    };
  });
}
