import { type Assertion, expect } from "vitest";

/** An assertion that may take a while to come true, on a busy machine too. */
export function eventually<T>(read: () => T): Assertion<T> {
  return expect.poll(read, { interval: 5, timeout: 15_000 }) as unknown as Assertion<T>;
}
