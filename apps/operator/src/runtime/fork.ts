import type { Entry, Reflection } from "./store.ts";

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
  function partOf(entry: Entry<T>): Entry<Part> | undefined {
    const object = part(entry.object);
    if (object === undefined) return undefined;
    // where the part is the whole, one entry is enough
    return Object.is(object, entry.object) ? (entry as unknown as Entry<Part>) : { ...entry, object };
  }

  return {
    apply(entry) {
      const kept = partOf(entry);
      if (kept === undefined) store.remove(entry);
      else store.apply(kept);
    },
    remove: (place) => store.remove(place),
    listing: (scope) => store.listing(scope),
    swap(scope, entries, version) {
      const kept = entries.map(partOf).filter((entry) => entry !== undefined);
      store.swap(scope, kept, version);
    },
  };
}
