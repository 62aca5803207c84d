/** A ConfigMap of a mirror, as it was found. */
export interface Shard {
  readonly name: string;
  readonly resourceVersion: string;
  /** The value of the label `metadatamirror.dev/mirror`; "" without. */
  readonly label: string;
  readonly data: Readonly<Record<string, string>>;
  readonly binaryKeys: readonly string[];
}

/** 0 for the first, `mirror-0`; 2 for `mirror-0-2`; undefined for a name that is none of the mirror's. */
export function indexOf(name: string, first: string): number | undefined {
  if (name === first) return 0;
  const digits = name.startsWith(`${first}-`) ? name.slice(first.length + 1) : "";
  return /^[1-9][0-9]*$/.test(digits) ? Number(digits) : undefined;
}

/** The key of a document in the shard: `peers.json`, `peers-2.json`; `hosts`, `hosts-2`. */
export function documentKey(key: string, index: number): string {
  if (index === 0) return key;
  const [stem, ...extension] = key.split(".");
  return [`${stem}-${index}`, ...extension].join(".");
}
