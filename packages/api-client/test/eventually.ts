import { expect } from "vitest";

/** An assertion that may take a while to come true, and longer on a busy machine. */
export function eventually<T>(read: () => T) {
  return expect.poll(read, { interval: 5, timeout: 15_000 });
}
