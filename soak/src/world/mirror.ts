import type { FormatName } from "./format.ts";
import type { ItemName } from "./item.ts";
import type { Selector } from "./selector.ts";

/** A MetadataMirror, by what its spec says. */
export interface Mirror {
  readonly namespace: string;
  readonly name: string;
  /** The name of its first ConfigMap, which is `name` unless the spec says otherwise; it never changes. */
  readonly configMap: string;
  readonly selector: Selector;
  readonly include: "Ready" | "Running" | "All";
  /** Undefined: its own. */
  readonly namespaces: readonly string[] | undefined;
  readonly items: readonly ItemName[];
  readonly formats: readonly FormatName[];
  readonly peersPerShard: number;
}
