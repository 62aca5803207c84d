/**
 * A number of 32 bits, 0 and up, for a name: FNV-1a, then the finalizer of MurmurHash3, since the last bits of the former alone are poor. It
 * never changes: see `shardOf`.
 */
export function nameHash(name: string): number {
  return finalized(fnv1a(name));
}

/** http://www.isthe.com/chongo/tech/comp/fnv: names of Kubernetes are ASCII, a byte each. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** fmix32 of https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp. */
function finalized(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
