/** What a watch's line is about. */
type LineType = "ADDED" | "MODIFIED" | "DELETED" | "other";

/** What becomes of a line. */
export interface LineSink {
  /** The line has come whole: its type, its bytes, the numbers in it, and how it begins. */
  readonly line: (type: LineType, bytes: number, seqs: readonly number[], head: string) => void;
}

/** Takes a stream, chunk by chunk. */
export type Scan = (chunk: Buffer) => void;

const mark = Buffer.from("seq-");
const tokenLength = mark.length + 8;
/** As much of its begin as is told of a line, in bytes: an object's name and namespace are in it. */
const headLength = 512;
/** Where the type begins in `{"type":"ADDED",…`. */
const typeAt = 9;
const types: ReadonlyMap<number | undefined, LineType> = new Map([
  ["A".charCodeAt(0), "ADDED"],
  ["M".charCodeAt(0), "MODIFIED"],
  ["D".charCodeAt(0), "DELETED"],
]);

/**
 * Finds what a watch's lines tell without parsing them: each `seq-` with 8 digits, wherever the chunks are cut. It costs little,
 * because it shares the cores with what it watches.
 */
export function createSeqScanner({ line }: LineSink): Scan {
  let seqs: number[] = [];
  let bytes = 0;
  let type: LineType = "other";
  let head: Buffer = Buffer.alloc(0);
  /** The end of the line so far, too short to hold a whole token. */
  let tail: Buffer = Buffer.alloc(0);

  const scan = (part: Buffer): void => {
    for (let at = part.indexOf(mark); at >= 0 && at + tokenLength <= part.length; at = part.indexOf(mark, at + 1)) {
      const seq = digits(part, at + mark.length);
      if (seq !== undefined) seqs.push(seq);
    }
  };
  const take = (part: Buffer): void => {
    if (bytes <= typeAt && typeAt < bytes + part.length) type = types.get(part[typeAt - bytes]) ?? "other";
    if (head.length < headLength) head = Buffer.concat([head, part.subarray(0, headLength - head.length)]);
    bytes += part.length;
    if (tail.length > 0) scan(Buffer.concat([tail, part.subarray(0, tokenLength - 1)]));
    scan(part);
    tail = part.length >= tokenLength - 1 ? part.subarray(1 - tokenLength) : lastOf(tail, part);
  };
  return (chunk) => {
    let begin = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, begin)) {
      take(chunk.subarray(begin, end));
      line(type, bytes, seqs, head.toString());
      [seqs, bytes, type, head, tail] = [[], 0, "other", Buffer.alloc(0), Buffer.alloc(0)];
      begin = end + 1;
    }
    if (begin < chunk.length) take(chunk.subarray(begin));
  };
}

function lastOf(tail: Buffer, part: Buffer): Buffer {
  return Buffer.concat([tail, part]).subarray(1 - tokenLength);
}

function digits(buffer: Buffer, from: number): number | undefined {
  let value = 0;
  for (let at = from; at < from + 8; at++) {
    const digit = (buffer[at] ?? 0) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}
