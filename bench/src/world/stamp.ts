/** Makes copies that differ in some texts: given these, a copy. */
export type Stamp = (texts: readonly string[]) => Buffer;

/**
 * Copies bytes with some texts replaced wherever they are. Each text is replaced by one of the same length, so that whatever tells lengths
 * in between, as protobuf does, stays right.
 *
 * @throws where a text is not in the bytes, or its replacement has another length.
 */
export function createStamp(original: Buffer, texts: readonly string[]): Stamp {
  const places = texts.map((text) => {
    const found: number[] = [];
    for (let at = original.indexOf(text); at >= 0; at = original.indexOf(text, at + 1)) found.push(at);
    if (found.length === 0) throw new Error(`"${text}" is not in the bytes that are to be copied`);
    return found;
  });
  return (replacements) => {
    const copy = Buffer.from(original);
    for (const [index, text] of texts.entries()) {
      const replacement = replacements[index] ?? "";
      if (Buffer.byteLength(replacement) !== Buffer.byteLength(text)) {
        throw new RangeError(`"${replacement}" can't take the place of "${text}": it has another length`);
      }
      for (const at of places[index] ?? []) copy.write(replacement, at);
    }
    return copy;
  };
}
