import { group, version } from "../names.ts";
import { peerListKind } from "../peer-list.ts";
import type { PeerRecord } from "../project.ts";
import type { Aggregate } from "./aggregate.ts";

/**
 * The `JSON` format: a `PeerList` (see `peer-list.ts`), a line each peer. A peer is an object of its `_id` and the mirror's items by
 * their paths, in their order; an item that can't be told is not there.
 */
export function jsonAggregate(key: string): Aggregate {
  /** The paths of the mirror's items as JSON texts, made once for all peers. */
  const names = new Map<string, string>();
  const nameOf = (path: string) => {
    const name = names.get(path) ?? JSON.stringify(path);
    names.set(path, name);
    return name;
  };
  return {
    key,
    fragment({ id, items }: Pick<PeerRecord, "id" | "items">) {
      const members = items.map(({ path, json }) => `,${nameOf(path)}:${json}`);
      return { text: `{"_id":${JSON.stringify(id)}${members.join("")}}` };
    },
    document: (fragments) =>
      `{"apiVersion":"${group}/${version}","kind":"${peerListKind}","peers":[${fragments.map((line) => `\n${line}`).join(",")}\n]}\n`,
  };
}
