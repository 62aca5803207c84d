import { ApiError } from "./api-error.ts";

const newline = 10;

/**
 * Cuts a stream of bytes into its lines, without their ends (LF or CRLF) and without the empty ones. What follows the last LF is a
 * line too. Works on bytes, so a character may be split between chunks, and joins the parts of a line once, however many there are.
 * Throws an ApiError `too-large` as soon as a line has more than `maxBytes`.
 */
export async function* lines(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<string, void, undefined> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      refuse(size + end - start, maxBytes);
      const line = text([...parts, chunk.subarray(start, end)]);
      parts = [];
      size = 0;
      start = end + 1;
      if (line !== "") yield line;
    }
    if (start === chunk.length) continue;
    parts.push(chunk.subarray(start));
    size += chunk.length - start;
    refuse(size, maxBytes);
  }
  const last = text(parts);
  if (last !== "") yield last;
}

function text(parts: readonly Buffer[]): string {
  const line = (parts.length === 1 ? parts[0] : Buffer.concat(parts))?.toString("utf8") ?? "";
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

function refuse(size: number, maxBytes: number): void {
  if (size > maxBytes) throw new ApiError("too-large", `the server sent a line of more than ${maxBytes} bytes`);
}
