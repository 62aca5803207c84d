import type { PeerRecord } from "../project.ts";
import { fullName } from "./full-name.ts";

/** The longest key of a ConfigMap, in characters (`k8s.io/apimachinery/pkg/util/validation.IsConfigMapKey`). */
const maxKeyLength = 253;

/** The value of one item of one peer, as a key of the ConfigMap. */
export interface FileEntry {
  readonly path: string;
  readonly key: string;
  readonly value: string;
}

/**
 * The `Files` format: `<pod>_<path>` for peers of the mirror's own namespace, `<namespace>__<pod>_<path>` for others, each with
 * the bytes that the kubelet would write for that item. Names of pods and namespaces hold no `_`, so no two keys are the same.
 * A key that is `tooLong` would refuse the whole ConfigMap, so it comes apart.
 */
export function renderFiles(record: Pick<PeerRecord, "own" | "namespace" | "name" | "items">): {
  entries: readonly FileEntry[];
  tooLong: readonly FileEntry[];
} {
  const peer = fullName(record);
  const all = record.items.map(({ path, text }) => ({ path, key: `${peer}_${path}`, value: text }));
  return {
    entries: all.filter(({ key }) => key.length <= maxKeyLength),
    tooLong: all.filter(({ key }) => key.length > maxKeyLength),
  };
}
