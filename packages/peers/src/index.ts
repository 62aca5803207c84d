export { PeersError } from "./peers-error.ts";
export { readPeers } from "./read-peers.ts";
export { watchPeers } from "./watch-peers.ts";

export type { Items, ItemValue, Peer, PeerList } from "./peer.ts";
export type { PeersErrorCode } from "./peers-error.ts";
export type { ReadPeersOptions } from "./read-peers.ts";
export type { Wait } from "./wait.ts";
export type { WatchPeersOptions } from "./watch-peers.ts";
