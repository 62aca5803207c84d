import type { Fault } from "./fault.ts";
import type { Piece } from "./piece.ts";

/** What becomes of the answer after a piece of it. */
export type Next = "go on" | "end" | "reset" | "silence";

/** What a fault makes of one piece of an answer. */
export interface Tampered {
  readonly send: readonly Buffer[];
  /** Kept back until the next piece, or until a moment has passed without one. */
  readonly hold?: Piece;
  readonly next: Next;
  /** Whether anything is otherwise than without the fault. */
  readonly strikes: boolean;
}

/** After which half of a piece comes what. */
const halves: Partial<Readonly<Record<Fault["type"], Next>>> = {
  "half-open": "silence",
  "reset in the body": "reset",
  cut: "end",
};

/** What a fault makes of the next piece, where `held` is what it kept back of those before. */
export function tamper({ type }: Fault, piece: Piece, held: Piece | undefined): Tampered {
  const { bytes, event } = piece;
  const next = type === "truncated page" && event === undefined ? "end" : halves[type];
  if (next !== undefined) return { send: [bytes.subarray(0, Math.ceil(bytes.length / 2))], next, strikes: true };
  if (type === "delay" || type === "trickle") return { ...struck, send: [bytes] };
  if (type === "no bookmarks" && event?.type === "BOOKMARK") return { ...struck, send: [] };
  if (type === "duplicates" && isChange(piece)) return { ...struck, send: [bytes, bytes] };
  if (type === "reordered") return swapped(piece, held);
  return { ...spared, send: [bytes] };
}

const struck = { next: "go on", strikes: true } as const;
const spared = { next: "go on", strikes: false } as const;

function swapped(piece: Piece, held: Piece | undefined): Tampered {
  const before = held === undefined ? [] : [held.bytes];
  if (!isChange(piece)) return { ...spared, send: [...before, piece.bytes] };
  if (held === undefined || held.event?.object === piece.event?.object) return { ...spared, send: before, hold: piece };
  return { ...struck, send: [piece.bytes, ...before] };
}

/** An event of an object: neither a bookmark nor an error. */
function isChange({ event }: Piece): boolean {
  return event !== undefined && event.type !== "BOOKMARK" && event.type !== "ERROR";
}
