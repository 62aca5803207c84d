import { filesOf } from "./documents.ts";

/** How many peers there are, in every generation. */
export const peerCount = 40;
const mostShards = 8;

/** A peer of the restless world. */
export interface RestlessPeer {
  readonly _id: string;
  readonly generation: number;
}

/**
 * The files of one generation: always the same peers, each of which tells the generation. From one to the next peers move between shards and
 * are then in both for a generation, and shards come and go.
 */
export function restlessFiles(generation: number): Readonly<Record<string, string>> {
  const shardCount = (at: number) => 2 + (Math.floor(at / 3) % (mostShards - 1));
  const home = (peer: number, at: number) => (peer + Math.floor((at + peer) / 5)) % shardCount(at);
  const shards = Array.from({ length: shardCount(generation) }, (_, shard) =>
    Array.from({ length: peerCount }, (_, peer) => peer)
      .filter((peer) => home(peer, generation) === shard || home(peer, generation + 1) === shard)
      .map((peer) => ({ _id: `peer-${peer}`, generation, padding: "x".repeat(200) })),
  );
  return filesOf(shards);
}
