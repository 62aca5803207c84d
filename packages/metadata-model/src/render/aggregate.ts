import type { PeerRecord } from "../project.ts";

/** A format that writes all peers of a shard to one key. */
export interface Aggregate {
  readonly key: string;
  /** What one peer adds. */
  readonly fragment: (record: PeerRecord) => string;
  /** The document of the peers whose fragments these are, in their order. */
  readonly document: (fragments: readonly string[]) => string;
}
