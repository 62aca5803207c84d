const isAscii = /^[\0-\x7f]*$/;

/** The length of well-formed `text` in UTF-8, in bytes. */
export function utf8Length(text: string): number {
  let length = text.length;
  // a look at each unit takes several times as long
  if (isAscii.test(text)) return length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // a surrogate pair is 2 units and 4 bytes; the rest of the BMP from U+0800 is 1 unit and 3 bytes
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) length += 2;
    else if (unit >= 0x80) length += 1;
  }
  return length;
}

/** The longest start of well-formed `text` that is at most `bytes` long in UTF-8. No character is cut. */
export function utf8Start(text: string, bytes: number): string {
  let end = 0;
  let room = bytes;
  for (const character of text) {
    room -= utf8Length(character);
    if (room < 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}
