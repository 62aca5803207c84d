import type { Items, Peer, PeerList } from "./peer.ts";
import { PeersError } from "./peers-error.ts";

const apiVersion = "metadatamirror.dev/v1alpha1";
const kind = "PeerList";

/**
 * Reads the document of one shard; `file` names it in errors. Fields that this version doesn't know are let be.
 *
 * @throws PeersError `malformed` or `unsupported`.
 */
export function parsePeerList(text: string, file: string): PeerList {
  const malformed = (what: string, options?: ErrorOptions) =>
    new PeersError("malformed", `${file}: ${what}: is it the key of a JSON format of a MetadataMirror?`, options);

  const document = parseJson(text, (cause) => malformed(`it is not JSON (${String(cause)})`, { cause }));
  if (!isObject(document) || document["kind"] !== kind) throw malformed(`it is not a ${kind}`);
  if (document["apiVersion"] !== apiVersion) {
    const other = JSON.stringify(document["apiVersion"]);
    const words = `${file}: it is a ${kind} of ${other}, and this version of the library reads ${apiVersion}`;
    throw new PeersError("unsupported", `${words}: take the version of the library that goes with the operator`);
  }
  if (!Array.isArray(document["peers"])) throw malformed("it has no list of peers");
  const peers = document["peers"].map((peer: unknown, index) => {
    if (isPeer(peer)) return peer;
    throw malformed(`peers[${index}] is not an object with an _id`);
  });
  return { apiVersion, kind, peers };
}

/**
 * The peers of all `shards`, each once, ordered by `_id`: a peer that only moves between shards changes nothing.
 *
 * A peer that moves is in two documents for a while: the operator adds it to the one before it removes it from the other. The copy of the
 * lower shard is taken, for as long as there are two, so that the peer does not go back and forth. Either would do: each is what the pod
 * was at some time, and a change that one of them lacks is in a later write.
 */
export function joinPeers(shards: readonly PeerList[]): readonly Peer[] {
  const peers = new Map<string, Peer>();
  for (const peer of shards.flatMap((shard) => shard.peers)) {
    if (!peers.has(peer._id)) peers.set(peer._id, peer);
  }
  return [...peers.values()].toSorted((a, b) => (a._id < b._id ? -1 : 1));
}

function parseJson(text: string, failure: (cause: unknown) => Error): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw failure(cause);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is in the items is the operator's word, which nothing here depends on. */
function isPeer(value: unknown): value is Peer<Items> {
  return isObject(value) && typeof value["_id"] === "string";
}
