import { quantile } from "@metadata-mirror/figures";
import type { Change } from "../evidence/peer.ts";
import { arrival, type Sighting } from "../evidence/sighting.ts";

/**
 * How long each change took, from when its patch was sent until it was seen, in milliseconds. Sent, not answered: what the API server takes
 * for the peer's own change is in it.
 *
 * @throws where a change was never seen.
 */
export function latencies(changes: readonly Change[], sightings: readonly Sighting[]): readonly number[] {
  return changes.map(({ value, sentMs }) => {
    const atMs = arrival(sightings, value);
    if (atMs === undefined) throw new Error(`change ${value} was never seen`);
    return atMs - sentMs;
  });
}

/** Latencies in milliseconds. */
export interface Summary {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** @throws RangeError of no values. */
export function summarise(values: readonly number[]): Summary {
  return { count: values.length, p50: quantile(values, 0.5), p99: quantile(values, 0.99), max: quantile(values, 1) };
}
