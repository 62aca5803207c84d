import type { Items, Peer } from "./peer.ts";
import { joinPeers, parsePeerList } from "./peer-list.ts";
import { PeersError } from "./peers-error.ts";
import { shardOfFile } from "./shard-file.ts";
import { readSnapshot } from "./snapshot.ts";

export interface ReadPeersOptions {
  /** The `key` of the mirror's JSON format, which is the file of its first shard. Default `peers.json`. */
  readonly key?: string;
}

export const defaultKey = "peers.json";

/**
 * The peers that the files in `directory` tell of, of all shards, each once, ordered by `_id`. `directory` is where the volume is mounted:
 * one projected volume with a source for each shard.
 *
 * The shards are those of one write of the kubelet, never of two. No peers is an empty list; no file is an error, since nobody
 * knows then: the ConfigMap of an optional source may not be there yet.
 *
 * @throws PeersError where there is no file, or one that isn't what the operator writes; what the file system says otherwise.
 */
export async function readPeers<T = Items>(
  directory: string,
  { key = defaultKey }: ReadPeersOptions = {},
): Promise<readonly Peer<T>[]> {
  const shardOf = shardOfFile(key);
  const files = await readSnapshot(directory, (name) => shardOf(name) !== undefined);
  if (files.length === 0) {
    const words = `${directory}: there is no ${key} in it: does a MetadataMirror with a JSON format of this key exist,`;
    throw new PeersError("no-file", `${words} and does the volume have its ConfigMap as a source?`);
  }
  const inOrder = files.toSorted((a, b) => (shardOf(a.name) ?? 0) - (shardOf(b.name) ?? 0));
  const peers = joinPeers(inOrder.map(({ text, path }) => parsePeerList(text, path)));
  // what the items are is the caller's word
  return peers as readonly Peer<T>[];
}
