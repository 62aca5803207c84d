import type { Fault, RequestKind, Where } from "@metadata-mirror/fault-proxy";

export const columns = [
  "pods",
  "nodes",
  "configmaps",
  "metadatamirrors",
  "metadatagrants",
  "leases",
  "writes",
  "everything",
] as const;

/** Whose requests a fault is for: the watches of one resource, the writes of ConfigMaps, all of Leases, or all there are. */
export type Column = (typeof columns)[number];

export const phases = ["start-up", "steady state"] as const;

/** When a fault begins: before the operator starts again, or when it's in sync. */
export type Phase = (typeof phases)[number];

/** A fault, and what is tested with it. */
export interface Row {
  readonly name: string;
  readonly fault: Fault | ClockJump;
  /** At start-up and in steady state. */
  readonly columns: Readonly<Record<Phase, readonly Column[]>>;
  /** Nothing tells the client of it but silence, which is given up after so long, in milliseconds. */
  readonly silenceMs?: number;
  /** Objects a page. */
  readonly pageSize?: number;
  /** How much longer than usual it may take from its end on, in milliseconds, by column; each is in docs/faults.md. */
  readonly extraMs?: Partial<Readonly<Record<Column, number>>>;
}

/** The operator's wall clock jumps by so much, in milliseconds, and stays there until it is set right. */
export interface ClockJump {
  readonly type: "clock jump";
  readonly ms: number;
}

const watches = ["pods", "nodes", "configmaps", "metadatamirrors", "metadatagrants", "everything"] as const;
const inStreams = { "start-up": watches, "steady state": watches };
/**
 * Without those of nodes, of which one case sees what all others do: a stream that doesn't say where the state ends is given up when it falls
 * silent, and where it never does only after minutes.
 */
const calm = ["pods", "configmaps", "metadatamirrors", "metadatagrants"] as const;
const inCalmStreams = { "start-up": calm, "steady state": calm };
/** Nothing that reads is ever in conflict. */
const writing = ["leases", "writes", "everything"] as const;
const inWrites = { "start-up": writing, "steady state": writing };
const inRequests = { "start-up": columns, "steady state": columns };
/** Before it has started an operator has no stream that could be cut: what strikes connections strikes them all. */
const inConnections = { "start-up": ["everything"], "steady state": watches } as const;
const once = { "start-up": ["everything"], "steady state": ["everything"] } as const;

/** A ConfigMap that was refused is tried again after 10 s (decision 0003). */
const afterRefusals = { writes: 10_000, everything: 10_000 };

const silenceMs = 2_500;
/** An answer that isn't a stream may take five times as long to be whole. */
const whole = { leases: 4 * silenceMs, writes: 4 * silenceMs, everything: 4 * silenceMs };
const hours = 60 * 60 * 1000;

export const rows: readonly Row[] = [
  { name: "delay", fault: { type: "delay", ms: 300 }, columns: inRequests },
  { name: "stall", fault: { type: "stall" }, columns: inRequests, silenceMs },
  { name: "half-open", fault: { type: "half-open" }, columns: inRequests, silenceMs },
  { name: "reset before the answer", fault: { type: "reset before the answer" }, columns: inRequests },
  { name: "reset in the body", fault: { type: "reset in the body" }, columns: inRequests },
  { name: "cut in an object", fault: { type: "cut" }, columns: inRequests },
  { name: "401 once", fault: { type: "refusal", code: 401, times: 1 }, columns: inRequests },
  { name: "401", fault: { type: "refusal", code: 401 }, columns: inRequests },
  { name: "403", fault: { type: "refusal", code: 403 }, columns: inRequests, extraMs: afterRefusals },
  { name: "404", fault: { type: "refusal", code: 404 }, columns: inRequests },
  { name: "409", fault: { type: "refusal", code: 409 }, columns: inWrites },
  { name: "410", fault: { type: "refusal", code: 410 }, columns: inRequests },
  { name: "410 in the stream", fault: { type: "error event", code: 410 }, columns: inStreams },
  { name: "500 in the stream", fault: { type: "error event", code: 500 }, columns: inStreams },
  { name: "429", fault: { type: "refusal", code: 429 }, columns: inRequests },
  { name: "429, Retry-After: 2", fault: { type: "refusal", code: 429, retryAfterSeconds: 2 }, columns: inRequests },
  { name: "500", fault: { type: "refusal", code: 500 }, columns: inRequests },
  { name: "503", fault: { type: "refusal", code: 503 }, columns: inRequests },
  { name: "truncated page", fault: { type: "truncated page" }, columns: inStreams },
  { name: "expired continue", fault: { type: "expired continue" }, columns: inStreams, pageSize: 1 },
  { name: "no bookmarks", fault: { type: "no bookmarks" }, columns: inCalmStreams, silenceMs },
  { name: "no streamed lists", fault: { type: "no streamed lists" }, columns: inStreams },
  { name: "duplicate events", fault: { type: "duplicates" }, columns: inStreams },
  { name: "reordered events", fault: { type: "reordered" }, columns: inStreams },
  { name: "slow loris", fault: { type: "trickle", bytesPerSecond: 4 }, columns: inRequests, silenceMs, extraMs: whole },
  { name: "other authority", fault: { type: "untrusted", certificate: "other authority" }, columns: inConnections },
  { name: "expired certificate", fault: { type: "untrusted", certificate: "expired" }, columns: once },
  { name: "other host", fault: { type: "untrusted", certificate: "other host" }, columns: once },
  { name: "cut handshake", fault: { type: "no handshake" }, columns: inConnections },
  { name: "connection refused", fault: { type: "refused" }, columns: inConnections },
  { name: "DNS failure", fault: { type: "unresolved" }, columns: inConnections },
  { name: "clock jumps ahead", fault: { type: "clock jump", ms: 26 * hours }, columns: once },
  { name: "clock jumps back", fault: { type: "clock jump", ms: -26 * hours }, columns: once },
];

const reading: readonly RequestKind[] = ["streamed list", "watch", "page"];

/** The requests of a column. */
export function whereOf(column: Column): Where {
  if (column === "everything") return {};
  if (column === "writes") return { resource: "configmaps", kinds: ["write"] };
  return column === "leases" ? { resource: column } : { resource: column, kinds: reading };
}
