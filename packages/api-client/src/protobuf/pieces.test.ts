import fc from "fast-check";
import { expect, test } from "vitest";
import { pieces } from "./pieces.ts";
import { frameLength } from "./watch-frame.ts";

async function* sent(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

async function cutUp(chunks: readonly Buffer[], maxBytes = 1_000_000): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const piece of pieces(sent(chunks), frameLength, { maxBytes, action: "watch pods" }))
    found.push(piece.toString("hex"));
  return found;
}

function framed(body: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}

/** Bytes cut at these places, which may be many at once, and so make empty chunks. */
function cutAt(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

test("pieces are the same however the bytes are cut", async () => {
  const bodies = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(bodies, fc.array(fc.nat(500), { maxLength: 20 }), async (sample, places) => {
      const frames = sample.map(framed);
      expect(await cutUp(cutAt(Buffer.concat(frames), places))).toEqual(frames.map((frame) => frame.toString("hex")));
    }),
    { numRuns: 500 },
  );
});

test("pieces that are larger than what is held at first come whole, byte by byte too", async () => {
  const frames = [70_000, 3, 300_000, 0].map((length) => framed(Buffer.alloc(length, length % 251)));
  const bytes = Buffer.concat(frames);
  const expected = frames.map((frame) => frame.toString("hex"));
  expect(await cutUp(cutAt(bytes, [1, 2, 3, 4, 5, 65_540, 70_002, 70_003, 200_000]))).toEqual(expected);
  expect(await cutUp(Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual(expected);
});

test.each([1, 3, 4, 6])("a stream that ends after %i bytes of a piece of 7 is cut", async (length) => {
  await expect(cutUp([framed(Buffer.from("abc")).subarray(0, length)])).rejects.toThrow(
    "[unavailable] watch pods: the connection was cut",
  );
});

test("a piece that is announced as too large is refused before it has come, and nothing is set aside for it", async () => {
  const head = Buffer.from([0x7f, 0xff, 0xff, 0xff]);
  const before = process.memoryUsage().arrayBuffers;
  await expect(cutUp([head], 0x7ffffff0)).rejects.toMatchObject({ code: "too-large" });
  await expect(cutUp([head, Buffer.alloc(10)], Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({ code: "unavailable" });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
});
