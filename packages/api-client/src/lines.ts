import { ApiError } from "./api-error.ts";

const newline = 10;

/** Cuts bytes into lines as they come. */
export interface LineCutter {
  /** The lines that the chunk ends. All are to be taken before the next chunk. Throws an ApiError `too-large`. */
  readonly cut: (chunk: Buffer) => Generator<string, void, undefined>;
  /** No more bytes come: what follows the last LF, which is a line too. */
  readonly end: () => readonly string[];
}

/**
 * Cuts a stream of bytes into its lines, without their ends (LF or CRLF) and without the empty ones. Works on bytes, so a character may be
 * split between chunks, and joins the parts of a line once, however many there are. A line of more than `maxBytes` is refused as soon as it
 * is that long.
 */
export function createLineCutter(maxBytes: number): LineCutter {
  let parts: Buffer[] = [];
  let size = 0;

  function* cut(chunk: Buffer): Generator<string, void, undefined> {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      refuse(size + end - start, maxBytes);
      const line = text([...parts, chunk.subarray(start, end)]);
      parts = [];
      size = 0;
      start = end + 1;
      if (line !== "") yield line;
    }
    if (start === chunk.length) return;
    parts.push(chunk.subarray(start));
    size += chunk.length - start;
    refuse(size, maxBytes);
  }

  return {
    cut,
    end() {
      const last = text(parts);
      return last === "" ? [] : [last];
    },
  };
}

function text(parts: readonly Buffer[]): string {
  const line = (parts.length === 1 ? parts[0] : Buffer.concat(parts))?.toString("utf8") ?? "";
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

function refuse(size: number, maxBytes: number): void {
  if (size > maxBytes) throw new ApiError("too-large", `the server sent a line of more than ${maxBytes} bytes`);
}
