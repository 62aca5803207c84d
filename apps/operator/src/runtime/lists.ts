/** The lists of namespaces that somebody asked for: none is ever changed itself, so that who has one can tell by it that nothing has. */
export interface Lists<T> {
  /** The list of the namespace, made by `make` where none is known. */
  of(namespace: string, make: () => Iterable<T>): readonly T[];
  /** One object has taken the place of another. No object is in a list twice. */
  replaced(namespace: string, before: T, after: T): void;
  /** Something came or went. */
  forget(namespace: string): void;
}

interface Cached<T> {
  readonly list: readonly T[];
  /** What has changed since it was made. */
  readonly changed: { readonly before: T; readonly after: T }[];
}

/** A list in which more has changed is made anew: to find each in it would take longer. */
const mostChanges = 16;

export function createLists<T>(): Lists<T> {
  const lists = new Map<string, Cached<T>>();
  return {
    of(namespace, make) {
      const cached = lists.get(namespace);
      if (cached?.changed.length === 0) return cached.list;
      const list = cached === undefined ? [...make()] : withChanges(cached);
      lists.set(namespace, { list, changed: [] });
      return list;
    },
    replaced(namespace, before, after) {
      const cached = lists.get(namespace);
      if (cached === undefined) return;
      if (cached.changed.length < mostChanges) cached.changed.push({ before, after });
      else lists.delete(namespace);
    },
    forget: (namespace) => void lists.delete(namespace),
  };
}

function withChanges<T>({ list, changed }: Cached<T>): readonly T[] {
  const next = [...list];
  for (const { before, after } of changed) next[next.indexOf(before)] = after;
  return next;
}
