/**
 * A function that tells which shard a file is of, for the documents of one key: `key` is shard 0, and the further ones add -1, -2 and so
 * on before the extension. Undefined for every other file.
 *
 * "peers.json" → 0; "peers-12.json" → 12; with the key "hosts": "hosts-1" → 1
 */
export function shardOfFile(key: string): (file: string) => number | undefined {
  const dot = key.lastIndexOf(".");
  const stem = dot < 0 ? key : key.slice(0, dot);
  const extension = key.slice(stem.length);
  return (file) => {
    if (file === key) return 0;
    if (!file.startsWith(`${stem}-`) || !file.endsWith(extension)) return undefined;
    const digits = file.slice(stem.length + 1, file.length - extension.length);
    return /^[1-9][0-9]*$/.test(digits) ? Number(digits) : undefined;
  };
}
