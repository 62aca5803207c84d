import { group, version } from "../names.ts";
import type { PeerRecord } from "../project.ts";
import type { Aggregate } from "./aggregate.ts";

/**
 * The `JSON` format: `{"apiVersion", "kind": "PeerList", "peers": […]}`, a line each peer. A peer is an object of the mirror's items by their
 * paths: whole maps are objects, lists of IPs are arrays, resources are numbers, everything else is a string; an item that
 * can't be told is not there.
 */
export function jsonAggregate(key: string): Aggregate {
  return {
    key,
    fragment: (record: PeerRecord) =>
      `{${record.items.map(({ path, json }) => `${JSON.stringify(path)}:${json}`).join(",")}}`,
    document: (fragments) =>
      `{"apiVersion":"${group}/${version}","kind":"PeerList","peers":[${fragments.map((line) => `\n${line}`).join(",")}\n]}\n`,
  };
}
