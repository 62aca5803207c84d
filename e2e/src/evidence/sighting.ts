/** A value that was seen somewhere, and when: milliseconds since the epoch. The values of one place only grow. */
export interface Sighting {
  readonly value: number;
  readonly atMs: number;
}

/**
 * When a value, or one that has overtaken it, was first seen: from then on no reader sees a state before it. Milliseconds since the
 * epoch; undefined if never.
 */
export function arrival(sightings: readonly Sighting[], value: number): number | undefined {
  return sightings.find((sighting) => sighting.value >= value)?.atMs;
}

/** A line of e2e/programs/watch-file; undefined where it is none of a whole number. */
export function parseSighting(line: string): Sighting | undefined {
  const [, atMs, value] = /^(\d+) (\d+)$/.exec(line.trim()) ?? [];
  return value === undefined ? undefined : { value: Number(value), atMs: Number(atMs) };
}
