import type { Reflection } from "./store.ts";

/** One of several watches that write into the same store. */
interface Runner<S> {
  /** The namespace that it covers, "" for the whole cluster. */
  readonly scope: string;
  readonly source: S;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** `store`, as far as the watch may write there. */
  into<T>(store: Reflection<T>): Reflection<T>;
  /** A promise where what the watch tells is to wait for it: another is listing what this one is in charge of, see `createRelay`. */
  hold(): Promise<void> | undefined;
  /** The list that was under way is no longer: it failed, or the watch has ended. */
  pause(): void;
}

/** Watches of one resource that take over from each other. */
export interface Relay<S> {
  /** What tells of the namespace: the source that is in charge of it. */
  of(namespace: string): S | undefined;
  /** The sources that are in charge, by scope. One of "" is so of the namespaces that no other is in charge of. */
  readonly inCharge: ReadonlyMap<string, S>;
  /** Those that have no list yet, by scope. */
  readonly coming: ReadonlyMap<string, S>;
  /** A watch that is to take its scope over once it has a list; one that was to do so before is ended. */
  start(scope: string, source: S): Runner<S>;
  /** Ends the watch of the scope that has no list yet. */
  abandon(scope: string): void;
  /** Ends the watch that is in charge of the scope. What it told stays in the stores. */
  end(scope: string): void;
}

export interface RelayOptions {
  /** Ends them all. */
  readonly signal: AbortSignal;
  /** A list is in: `commit` puts it into the stores, and its watch in charge. */
  readonly onList: (commit: () => void) => void;
}

interface Entrant<S> extends Runner<S> {
  readonly stop: AbortController;
  isListing: boolean;
}

/**
 * No watches yet. Each namespace has one in charge, which alone writes of it. Another takes over with its first list, that of the whole cluster
 * from all. While it lists, those in charge of the same are held: the list then is no older than what they told, so nobody ever sees an older
 * state after a newer one, and what was held back comes again from where the list ends. Where the list fails they go on.
 */
export function createRelay<S>({ signal, onList }: RelayOptions): Relay<S> {
  const inCharge = new Map<string, Entrant<S>>();
  const coming = new Map<string, Entrant<S>>();
  let release = Promise.withResolvers<void>();

  const entrantOf = (namespace: string) => inCharge.get(namespace) ?? inCharge.get("");

  function isHeld(entrant: Entrant<S>): boolean {
    if (inCharge.get(entrant.scope) !== entrant) return false;
    const meets = (scope: string) => scope === "" || entrant.scope === "" || scope === entrant.scope;
    return [...coming.values()].some(({ scope, isListing }) => isListing && meets(scope));
  }

  function pause(entrant: Entrant<S>): void {
    entrant.isListing = false;
    release.resolve();
    release = Promise.withResolvers();
  }

  function stop(entrant: Entrant<S>): void {
    entrant.stop.abort();
    pause(entrant);
  }

  function takeOver(entrant: Entrant<S>): void {
    const { scope } = entrant;
    if (inCharge.get(scope) === entrant) return;
    coming.delete(scope);
    for (const [other, relieved] of inCharge) {
      if (scope !== "" && scope !== other) continue;
      inCharge.delete(other);
      stop(relieved);
    }
    inCharge.set(scope, entrant);
  }

  function into<T>(entrant: Entrant<S>, store: Reflection<T>): Reflection<T> {
    const isOurs = (namespace: string) => entrantOf(namespace) === entrant;
    return {
      apply: (entry) => void (isOurs(entry.namespace) && store.apply(entry)),
      remove: (place) => void (isOurs(place.namespace) && store.remove(place)),
      listing(scope) {
        if (entrant.signal.aborted) return;
        entrant.isListing = true;
        store.listing(inCharge.get(entrant.scope) === entrant ? isOurs : scope);
      },
      swap(_, entries, resourceVersion) {
        if (entrant.signal.aborted) return;
        onList(() => {
          takeOver(entrant);
          const ours = entries.filter(({ namespace }) => isOurs(namespace));
          store.swap(isOurs, ours, resourceVersion);
        });
        pause(entrant);
      },
    };
  }

  function abandon(scope: string): void {
    const entrant = coming.get(scope);
    coming.delete(scope);
    if (entrant !== undefined) stop(entrant);
  }

  return {
    of: (namespace) => entrantOf(namespace)?.source,
    get inCharge() {
      return sourcesOf(inCharge);
    },
    get coming() {
      return sourcesOf(coming);
    },
    start(scope, source) {
      abandon(scope);
      const stopping = new AbortController();
      const entrant: Entrant<S> = {
        scope,
        source,
        stop: stopping,
        signal: AbortSignal.any([signal, stopping.signal]),
        isListing: false,
        into: (store) => into(entrant, store),
        hold: () => (isHeld(entrant) ? release.promise : undefined),
        pause: () => pause(entrant),
      };
      coming.set(scope, entrant);
      return entrant;
    },
    abandon,
    end(scope) {
      const entrant = inCharge.get(scope);
      inCharge.delete(scope);
      if (entrant !== undefined) stop(entrant);
    },
  };
}

function sourcesOf<S>(entrants: ReadonlyMap<string, Entrant<S>>): ReadonlyMap<string, S> {
  return new Map([...entrants].map(([scope, { source }]) => [scope, source]));
}
