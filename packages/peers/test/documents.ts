/** A peer as a document has it. */
export interface WrittenPeer {
  readonly _id: string;
  readonly [path: string]: unknown;
}

/** The text of one shard's document, as the operator writes it. */
export function documentOf(peers: readonly WrittenPeer[], apiVersion = "metadatamirror.dev/v1alpha1"): string {
  const lines = peers.map((peer) => `\n${JSON.stringify(peer)}`).join(",");
  return `{"apiVersion":"${apiVersion}","kind":"PeerList","peers":[${lines}\n]}\n`;
}

/** The files of `shards`, the first one's first. */
export function filesOf(shards: readonly (readonly WrittenPeer[])[], stem = "peers"): Readonly<Record<string, string>> {
  const name = (index: number) => (index === 0 ? `${stem}.json` : `${stem}-${index}.json`);
  return Object.fromEntries(shards.map((peers, index) => [name(index), documentOf(peers)]));
}
