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
  let hash = length;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte > 127) return bytes.toString("utf8", start, end);
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  const slot = (hash ^ (hash >>> 15)) & (slots - 1);
  const shared = seen[slot] ?? "";
  if (isSame(shared, bytes, start, length)) return shared;
  const text = bytes.toString("latin1", start, end);
  seen[slot] = text;
  return text;
}

function isSame(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let index = 0; index < length; index += 1) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}
