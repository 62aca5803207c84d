import { isDeepStrictEqual } from "node:util";

/** Answers the last value again in place of one that equals it, so that who holds it can tell by identity whether it has changed. */
export function stable<T>(): (next: T) => T {
  let last: { readonly value: T } | undefined;
  return (next) => {
    if (last === undefined || !isDeepStrictEqual(last.value, next)) last = { value: next };
    return last.value;
  };
}
