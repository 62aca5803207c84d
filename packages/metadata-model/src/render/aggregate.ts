import type { ItemProblem, PeerRecord } from "../project.ts";

/** What one peer adds to a document. */
export interface Fragment {
  /** "" where it adds nothing. Never of more bytes than it takes in the document, but for two. */
  readonly text: string;
  /** What this format can't show of the peer. Absent where there is nothing. */
  readonly problems?: readonly ItemProblem[];
}

/** A format that writes all peers of a shard to one key. */
export interface Aggregate {
  readonly key: string;
  /** What one peer adds. */
  readonly fragment: (record: PeerRecord) => Fragment;
  /** The document of the peers whose fragments' texts these are, in their order. */
  readonly document: (fragments: readonly string[]) => string;
  /** Where no two peers may have the same name in it: what tells the names apart. */
  readonly names?: NameRule;
}

/** How names are found in a fragment and taken out of it. */
export interface NameRule {
  /** The names that a fragment has, none twice. */
  readonly of: (fragment: string) => readonly string[];
  /** The fragment without what is of these names. */
  readonly without: (fragment: string, names: ReadonlySet<string>) => string;
  /** Why a name is left out. */
  readonly problem: (name: string) => ItemProblem;
}
