const longestShared = 32;
const slots = 4096;
/** The last text of each slot. Bounded: 4096 texts of 32 characters at most. */
const seen: string[] = Array.from({ length: slots }, () => "");

/**
 * The text from `start` to `end`, in UTF-8; what isn't is replaced by U+FFFD. Short ones are shared while they are among the last seen:
 * label keys and values, names of nodes and the like come again with each object, and are kept once instead of once an object.
 */
export function readText(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > longestShared) return bytes.toString("utf8", start, end);
  const slot = slotOf(bytes, start, end);
  const shared = seen[slot] ?? "";
  if (isSame(shared, bytes, start, length)) return shared;
  const text = bytes.toString("utf8", start, end);
  seen[slot] = text;
  return text;
}

/** By the length and the last bytes, in which names differ that begin alike. */
function slotOf(bytes: Buffer, start: number, end: number): number {
  let hash = end - start;
  for (let at = Math.max(start, end - 6); at < end; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
  return (hash ^ (hash >>> 15)) & (slots - 1);
}

/** Never so where one of the two is not ASCII: then they differ in length, or in what is no UTF-8. */
function isSame(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let index = 0; index < length; index += 1) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}
