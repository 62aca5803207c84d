import type { Selector } from "./selector.ts";

/** A MetadataGrant: it lets mirrors of other namespaces see fields of pods of its own. */
export interface Grant {
  readonly namespace: string;
  readonly name: string;
  /** The namespaces of the mirrors. */
  readonly from: readonly string[];
  readonly selector: Selector;
  /** Field paths and resources. */
  readonly fields: readonly string[];
}
