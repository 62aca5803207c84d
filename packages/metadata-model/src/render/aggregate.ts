import type { Format } from "../format.ts";
import type { PeerRecord } from "../project.ts";
import { jsonAggregate } from "./json.ts";

/** A format that writes all peers of a shard to one key. */
export interface Aggregate {
  readonly key: string;
  /** What one peer adds. */
  readonly fragment: (record: PeerRecord) => string;
  /** The document of the peers whose fragments these are, in their order. */
  readonly document: (fragments: readonly string[]) => string;
}

/** How `format` is written, where it is an aggregate that this release can write; `Files` is no aggregate. */
export function aggregate(format: Format): Aggregate | undefined {
  return format.type === "JSON" && format.key !== undefined ? jsonAggregate(format.key) : undefined;
}

/** Whether this release can write `format`. */
export function isSupported(format: Format): boolean {
  return format.type === "Files" || aggregate(format) !== undefined;
}
