import type { Reflection } from "./store.ts";

/** A store that gets a part of what a watch tells: of an object without that part, undefined, it is told that there is none. */
export interface Prong<T, Part> {
  readonly store: Reflection<Part>;
  readonly part: (object: T) => Part | undefined;
}

/** Writes what one watch tells into two stores, the first one first. */
export function fork<T, A, B>(first: Prong<T, A>, second: Prong<T, B>): Reflection<T> {
  const [a, b] = [partly(first), partly(second)];
  return {
    apply: (entry) => [a, b].forEach((each) => each.apply(entry)),
    remove: (place) => [a, b].forEach((each) => each.remove(place)),
    listing: (scope) => [a, b].forEach((each) => each.listing(scope)),
    swap: (scope, entries, version) => [a, b].forEach((each) => each.swap(scope, entries, version)),
  };
}

/** Writes a part of what a watch tells into a store. */
export function partly<T, Part>({ store, part }: Prong<T, Part>): Reflection<T> {
  return {
    apply(entry) {
      const object = part(entry.object);
      if (object === undefined) store.remove(entry);
      else store.apply({ ...entry, object });
    },
    remove: (place) => store.remove(place),
    listing: (scope) => store.listing(scope),
    swap(scope, entries, version) {
      const kept = entries.flatMap((entry) => {
        const object = part(entry.object);
        return object === undefined ? [] : [{ ...entry, object }];
      });
      store.swap(scope, kept, version);
    },
  };
}
