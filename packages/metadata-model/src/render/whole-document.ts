import type { Digest } from "../config-map.ts";
import { utf8Length } from "../utf8.ts";
import type { RenderedPeer, Value } from "./peer.ts";
import type { Template } from "./template.ts";

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

/**
 * A function that renders the documents of `templates` over `peers`, in `room` bytes in all, and answers the very same
 * object while the peers are the same objects and the room is the same.
 */
export function wholeDocumentRenderer(
  templates: readonly Template[],
  digest: Digest,
): (peers: readonly RenderedPeer[], room: number) => readonly WholeDocument[] {
  let made: { peers: readonly RenderedPeer[]; room: number; documents: readonly WholeDocument[] } | undefined;
  return (peers, room) => {
    const isSame =
      made?.room === room && made.peers.length === peers.length && made.peers.every((peer, at) => peer === peers[at]);
    if (made === undefined || !isSame) made = { peers, room, documents: renderAll(templates, peers, room, digest) };
    return made.documents;
  };
}

function renderAll(
  templates: readonly Template[],
  peers: readonly RenderedPeer[],
  room: number,
  digest: Digest,
): readonly WholeDocument[] {
  const records = templates.length === 0 ? [] : peers.flatMap(({ record }) => record ?? []);
  let left = room;
  return templates.map(({ key, render }): WholeDocument => {
    const result = render(records, left - 2 * key.length);
    const text = "text" in result ? result.text : undefined;
    const size = 2 * key.length + (text === undefined ? 0 : utf8Length(text));
    left -= size;
    return {
      key,
      value: text === undefined ? undefined : { value: text, digest: digest(text) },
      size,
      problem: "problem" in result ? result.problem : undefined,
    };
  });
}
