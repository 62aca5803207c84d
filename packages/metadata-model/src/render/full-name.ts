import type { PeerRecord } from "../project.ts";

/** What names of a peer begin with: `<pod>` in the mirror's own namespace, `<namespace>__<pod>` in another. Neither part holds a `_`. */
export function fullName({ own, namespace, name }: Pick<PeerRecord, "own" | "namespace" | "name">): string {
  return own ? name : `${namespace}__${name}`;
}
