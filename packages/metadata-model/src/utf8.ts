/** The length of well-formed `text` in UTF-8, in bytes. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // a surrogate pair is 2 units and 4 bytes; the rest of the BMP from U+0800 is 1 unit and 3 bytes
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) length += 2;
    else if (unit >= 0x80) length += 1;
  }
  return length;
}
