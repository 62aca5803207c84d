import type { PeerRecord } from "../project.ts";

/**
 * A peer as templates see it: the object that it is in the JSON format, but that whole numbers which a JavaScript number can't hold are
 * text, digit for digit. It has no prototype, so that every name is the peer's own or nothing.
 */
export interface TemplatePeer {
  readonly _id: string;
  readonly [path: string]: unknown;
}

/** Makes it of a peer's record. */
export function templatePeer({ id, items }: Pick<PeerRecord, "id" | "items">): TemplatePeer {
  const values = items.map(({ path, json, text }) => [path, valueOf(json, text)] as const);
  return Object.assign(Object.create(null) as object, { _id: id }, Object.fromEntries<unknown>(values));
}

function valueOf(json: string, text: string): unknown {
  const value: unknown = JSON.parse(json);
  return typeof value === "number" && !Number.isSafeInteger(value) ? text : value;
}
