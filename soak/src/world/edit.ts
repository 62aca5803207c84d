/** What somebody does by hand to a ConfigMap of a mirror, which is put back. */
export const editKinds = [
  "change a value",
  "add a key",
  "remove a key",
  "add binary data",
  "remove the label",
  "change the label",
  "remove the owner",
  "remove the placement",
  "delete it",
] as const;

/** Such an edit. The ConfigMap is the mirror's `shard`-th of those that there are then, counted round. */
export interface Edit {
  readonly how: (typeof editKinds)[number];
  /** `<namespace>/<name>` */
  readonly mirror: string;
  readonly shard: number;
}
