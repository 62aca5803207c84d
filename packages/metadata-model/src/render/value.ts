import type { Digest } from "../config-map.ts";
import { utf8Length } from "../utf8.ts";

/** A value of a ConfigMap with the digest that it is compared by. */
export interface Value {
  readonly value: string;
  readonly digest: string;
  /** Its length in UTF-8. */
  readonly bytes: number;
}

export function valueOf(value: string, digest: Digest): Value {
  return { value, digest: digest(value), bytes: utf8Length(value) };
}

/**
 * A value that is put together each time that it's asked for: once it is written, nobody asks, and it would lie in memory for nothing. What
 * tells it from others is made once, when that is asked for.
 */
export function madeAnew(make: () => string, digest: Digest): Value {
  let told: Omit<Value, "value"> | undefined;
  const tell = () => {
    if (told === undefined) {
      const { value: _, ...rest } = valueOf(make(), digest);
      told = rest;
    }
    return told;
  };
  return {
    get value() {
      return make();
    },
    get digest() {
      return tell().digest;
    },
    get bytes() {
      return tell().bytes;
    },
  };
}
