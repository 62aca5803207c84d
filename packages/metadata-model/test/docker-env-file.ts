/** The longest line with its newline, in bytes (`bufio.MaxScanTokenSize`). */
const maxTokenSize = 64 * 1024;

/**
 * The variables of a file for `docker run --env-file`, as docker/cli reads it (`pkg/kvfile`, `parseKeyValueFile`). Throws what that
 * refuses. A line without `=`, which would take the value of Docker's own environment, is thrown too: nothing of ours has one.
 */
export function dockerEnvFile(bytes: Uint8Array): Map<string, string> {
  const variables = new Map<string, string>();
  let number = 0;
  for (const line of linesOf(bytes)) {
    number += 1;
    if (line.length >= maxTokenSize) throw new Error("bufio.Scanner: token too long");
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: number > 1 });
    // unicode.IsSpace; a BOM, which JavaScript takes for a blank too, is none
    const text = decoder
      .decode(line)
      .replace(/^[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/, "");
    if (text === "" || text.startsWith("#")) continue;
    const end = text.indexOf("=");
    const name = text.slice(0, end);
    if (end <= 0) throw new Error(`no variable or no value on line "${text}"`);
    if (/[ \t]/.test(name)) throw new Error(`variable "${name}" contains whitespaces`);
    variables.set(name, text.slice(end + 1));
  }
  return variables;
}

/** `bufio.ScanLines`: a carriage return before the newline is dropped, and the last line needs none. */
function linesOf(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let begin = 0; begin < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, begin);
    const end = newline < 0 ? bytes.length : newline;
    lines.push(bytes.subarray(begin, bytes[end - 1] === 0x0d && end > begin ? end - 1 : end));
    begin = end + 1;
  }
  return lines;
}
