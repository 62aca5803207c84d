/** An item of a peer: a whole map is an object, a list an array, a resource a number, everything else a string. */
export type ItemValue = string | number | readonly string[] | Readonly<Record<string, string>>;

/** The items of a peer by their paths. One that the operator can't tell is not there. */
export type Items = Readonly<Partial<Record<string, ItemValue>>>;

/**
 * A pod that the mirror selects: its `_id`, which stays the same for as long as the pod is there and is no other pod's, and the items that the
 * mirror names. `T` is the caller's word for these, and isn't checked: `Peer<{ podName: string; podIP: string }>`.
 */
export type Peer<T = Items> = { readonly _id: string } & Readonly<T>;

/** One document of the format `JSON`. Those of all shards together are the peers of the mirror. */
export interface PeerList<T = Items> {
  readonly apiVersion: "metadatamirror.dev/v1alpha1";
  readonly kind: "PeerList";
  readonly peers: readonly Peer<T>[];
}
