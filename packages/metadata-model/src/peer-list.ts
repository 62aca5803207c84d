import * as z from "zod";
import { group, version } from "./names.ts";

/** The kind of a document of the JSON format. */
export const peerListKind = "PeerList";

const Value = z.union([z.string(), z.number(), z.array(z.string()), z.record(z.string(), z.string())]).meta({
  description: "Of an item: whole maps are objects, lists of IPs arrays, resources numbers, everything else a string.",
});

const Peer = z
  .object({
    _id: z.string().min(1).meta({
      description:
        "Which peer it is, for as long as it lives; it tells nothing else. A peer that moves to another shard is in two documents for a moment: who joins documents takes one of those with the same _id.",
    }),
  })
  .catchall(Value)
  .meta({
    description: "One pod, by the paths of the mirror's items. What can't be told of it is not there.",
  });

/**
 * A document of the JSON format: the peers of one shard. Readers take members that they don't know for what comes with a later release,
 * and leave them be.
 *
 * `_id` is the peer's own: paths of items begin with a letter or a digit. It is there since shards are written one after the other,
 * those that take a peer first: a peer that moves is in both for a moment, and readers who join them must know it for one.
 */
export const PeerList = z
  .looseObject({
    apiVersion: z.literal(`${group}/${version}`),
    kind: z.literal(peerListKind),
    peers: z.array(Peer).meta({ description: "In a stable order, that of namespaces and names of pods." }),
  })
  .meta({ title: peerListKind, description: "The peers of one shard of a MetadataMirror." });
export type PeerList = z.infer<typeof PeerList>;

/** `PeerList` as JSON Schema 2020-12: whatever one takes, the other does. */
export function peerListJsonSchema(): object {
  return z.toJSONSchema(PeerList, { target: "draft-2020-12", io: "input" });
}
