import { ApiError } from "../api-error.ts";

/**
 * How long the piece is that begins at `start`: undefined while what is there up to `end` doesn't tell. More than a piece may be there,
 * or less. It throws for what is no piece.
 */
export type LengthOf = (bytes: Buffer, start: number, end: number) => number | undefined;

export interface PiecesOptions {
  /** No piece is larger. */
  readonly maxBytes: number;
  /** For errors, as in `watch pods shop`. */
  readonly action: string;
}

const firstHeld = 64 * 1024;

/** Cuts bytes into pieces as they come. */
export interface Cutter {
  /** The pieces that the chunk ends. All are to be taken before the next chunk. Throws an ApiError `too-large`. */
  readonly cut: (chunk: Buffer) => Generator<Buffer, void, undefined>;
  /** No more bytes come. Throws an ApiError `unavailable` where that is in the midst of a piece. */
  readonly end: () => void;
}

/**
 * Cuts a stream of bytes into pieces, however it comes in chunks. **A piece is only there until the next is asked for**: what one chunk
 * has whole is a part of it, what doesn't fit is put together in the same memory again and again, which grows with what has come, not with
 * what is announced.
 */
export function createCutter(lengthOf: LengthOf, { maxBytes, action }: PiecesOptions): Cutter {
  let held = Buffer.allocUnsafeSlow(firstHeld);
  let size = 0;

  function hold(chunk: Buffer, start: number, end: number): void {
    if (size + end - start > held.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * held.length, size + end - start));
      held.copy(larger, 0, 0, size);
      held = larger;
    }
    size += chunk.copy(held, size, start, end);
  }

  function measure(bytes: Buffer, start: number, end: number): number | undefined {
    const length = lengthOf(bytes, start, end);
    if (length === undefined || length <= maxBytes) return length;
    throw new ApiError("too-large", `${action}: the server sent an object of more than ${maxBytes} bytes`);
  }

  function* cut(chunk: Buffer): Generator<Buffer, void, undefined> {
    let at = 0;
    while (at < chunk.length) {
      const length = size === 0 ? measure(chunk, at, chunk.length) : measure(held, 0, size);
      if (size === 0 && length !== undefined && at + length <= chunk.length) {
        yield chunk.subarray(at, at + length);
        at += length;
        continue;
      }
      // of a piece whose length isn't known yet the next byte may tell
      const missing = length === undefined ? 1 : length - size;
      const end = Math.min(at + missing, chunk.length);
      hold(chunk, at, end);
      at = end;
      if (measure(held, 0, size) !== size) continue;
      yield held.subarray(0, size);
      size = 0;
    }
  }

  return {
    cut,
    end() {
      if (size > 0) throw new ApiError("unavailable", `${action}: the connection was cut in the middle of an object`);
    },
  };
}

/** The pieces of a stream, as `createCutter` cuts it. */
export async function* pieces(
  chunks: AsyncIterable<Buffer>,
  lengthOf: LengthOf,
  options: PiecesOptions,
): AsyncGenerator<Buffer, void, undefined> {
  const { cut, end } = createCutter(lengthOf, options);
  for await (const chunk of chunks) yield* cut(chunk);
  end();
}
