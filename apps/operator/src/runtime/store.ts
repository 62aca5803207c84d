import { createLists } from "./lists.ts";
import { isNewer } from "./resource-version.ts";

/** Where an object is, and which version of it. */
interface Place {
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
}

/** An object as it is kept: its place, and what was trimmed from it. */
export interface Entry<T> extends Place {
  readonly object: T;
}

/** What happened to one object. Never both undefined. */
export interface Change<T> {
  readonly before: T | undefined;
  readonly after: T | undefined;
  /** `after` is what a write of our own was to lead to. */
  readonly intended?: true;
}

/** The object that it happened to, as it is now, or last was. */
export function subjectOf<T>({ before, after }: Change<T>): T {
  return (after ?? before) as T;
}

/** The read side of a reflected resource. It may be stale, by as much as the watch is behind. */
export interface Store<T> {
  get(namespace: string, name: string): T | undefined;
  /** The resourceVersion at which the store shows this very object there; undefined where it shows another by now, or none. */
  versionOf(namespace: string, name: string, object: T): string | undefined;
  /** All of a namespace: the very same list for as long as it is what there is. */
  inNamespace(namespace: string): readonly T[];
  all(): Iterable<T>;
  readonly size: number;
}

/** What a watch covers: a namespace, "" for the whole cluster, or the namespaces for which it is true. */
type Scope = string | ((namespace: string) => boolean);

/** What a watch writes. */
export interface Reflection<T> {
  /** Something was applied or deleted. Events that are older than what is there, as after a write of our own, change nothing. */
  apply(entry: Entry<T>): void;
  remove(place: Place): void;
  /** A list of `scope` is under way: what is written from now on may not be in it. */
  listing(scope: Scope): void;
  /** A relist: `entries` is all there is in `scope` as of `resourceVersion`. What isn't among them is gone. */
  swap(scope: Scope, entries: readonly Entry<T>[], resourceVersion: string): void;
}

/** The write side. */
export interface StoreWriter<T> extends Reflection<T> {
  /**
   * What the API server answered to a write of our own: it's shown at once, before the watch tells of it, or not at all after it told more, by
   * an event or by a list.
   * Those who are told of the change learn whether it's what was `intended`: a webhook may have made something else of it.
   */
  wrote(entry: Entry<T>, intended?: boolean): void;
  /** What a read gave of an object that the watch may never show. */
  found(entry: Entry<T>): void;
  /** The API server says that there is no such object, and the watch may never tell. */
  forget(namespace: string, name: string): void;
}

export interface StoreOptions<T> {
  /** Whether two objects are the same to every reader: the old one is kept then, and nobody is told. */
  readonly same: (a: T, b: T) => boolean;
  readonly onChange: (change: Change<T>) => void;
}

/** How many of the objects that ended last are remembered: those of a moment, in which the answer to a write may be under way. */
const rememberedEnds = 1_000;

/** An empty store. Its readers, `onChange` among them, see a relist at once and whole, never half of it. */
export function createStore<T>({ same, onChange }: StoreOptions<T>): Store<T> & StoreWriter<T> {
  const namespaces = new Map<string, Map<string, Entry<T>>>();
  /** Objects that we wrote since the last list of their scope began. */
  const written = new Set<string>();
  /** At which version objects ended: a write of our own may be answered after the watch has told of the object's end. */
  const ended = new Map<string, string>();
  /** As of which version the last list of a namespace or, "", of all of them was. */
  const listedAt = new Map<string, string>();
  const lists = createLists<T>();
  const known = (namespace: string, name: string) => namespaces.get(namespace)?.get(name);

  function* objectsOf(namespace: string): Iterable<T> {
    for (const { object } of namespaces.get(namespace)?.values() ?? []) yield object;
  }

  function put(entry: Entry<T>): Change<T> | undefined {
    const before = known(entry.namespace, entry.name);
    const kept = before !== undefined && same(before.object, entry.object);
    const names = namespaces.get(entry.namespace) ?? new Map<string, Entry<T>>();
    namespaces.set(entry.namespace, names);
    if (before === undefined) lists.forget(entry.namespace);
    else if (!kept) lists.replaced(entry.namespace, before.object, entry.object);
    names.set(entry.name, kept ? { ...entry, object: before.object } : entry);
    return kept ? undefined : { before: before?.object, after: entry.object };
  }

  function drop(place: Place): Change<T> | undefined {
    const { namespace, name } = place;
    const before = known(namespace, name);
    if (before === undefined) return undefined;
    const names = namespaces.get(namespace);
    names?.delete(name);
    lists.forget(namespace);
    if (names?.size === 0) namespaces.delete(namespace);
    written.delete(keyOf(place));
    return { before: before.object, after: undefined };
  }

  function tell(change: Change<T> | undefined): void {
    if (change !== undefined) onChange(change);
  }

  function isStale({ namespace, name, resourceVersion }: Place): boolean {
    const present = known(namespace, name);
    return present !== undefined && isNewer(present.resourceVersion, resourceVersion);
  }

  /** Whether the object had ended when our write of it was answered. */
  function isOver(entry: Entry<T>): boolean {
    const { namespace, name, resourceVersion } = entry;
    if (known(namespace, name) !== undefined) return false;
    const versions = [listedAt.get(namespace), listedAt.get("")];
    return versions.some((version) => version !== undefined && !isNewer(resourceVersion, version));
  }

  function show(entry: Entry<T>, intended = false): void {
    if (isStale(entry) || isNewer(ended.get(keyOf(entry)) ?? "", entry.resourceVersion)) return;
    written.add(keyOf(entry));
    const change = put(entry);
    tell(change && intended ? { ...change, intended } : change);
  }

  function rememberEnd(place: Place): void {
    ended.delete(keyOf(place));
    ended.set(keyOf(place), place.resourceVersion);
    const [oldest] = ended.keys();
    if (ended.size > rememberedEnds && oldest !== undefined) ended.delete(oldest);
  }

  return {
    get: (namespace, name) => known(namespace, name)?.object,
    versionOf(namespace, name, object) {
      const present = known(namespace, name);
      return present?.object === object ? present.resourceVersion : undefined;
    },
    inNamespace: (namespace) => lists.of(namespace, () => objectsOf(namespace)),
    *all() {
      for (const namespace of namespaces.keys()) yield* objectsOf(namespace);
    },
    get size() {
      return [...namespaces.values()].reduce((sum, names) => sum + names.size, 0);
    },
    apply: (entry) => void (isStale(entry) || tell(put(entry))),
    remove(place) {
      if (isStale(place)) return;
      rememberEnd(place);
      tell(drop(place));
    },
    wrote: (entry, intended) => void (isOver(entry) || show(entry, intended)),
    found: (entry) => show(entry),
    forget(namespace, name) {
      const present = known(namespace, name);
      if (present !== undefined) tell(drop(present));
    },
    listing(scope) {
      const isInScope = within(scope);
      const forget = (key: string) => isInScope(key.slice(0, key.indexOf("/")));
      for (const key of written) if (forget(key)) written.delete(key);
      for (const key of ended.keys()) if (forget(key)) ended.delete(key);
    },
    swap(scope, entries, resourceVersion) {
      const isInScope = within(scope);
      if (typeof scope === "string") listedAt.set(scope, resourceVersion);
      const listed = new Map(entries.map((entry) => [keyOf(entry), entry]));
      const present = [...namespaces].flatMap(([namespace, names]) =>
        isInScope(namespace) ? [...names.values()] : [],
      );
      const changes: (Change<T> | undefined)[] = [];
      for (const entry of present) {
        const stays = written.has(keyOf(entry)) && isNewer(entry.resourceVersion, resourceVersion);
        if (stays) listed.delete(keyOf(entry));
        else if (!listed.has(keyOf(entry))) changes.push(drop(entry));
      }
      for (const entry of listed.values()) changes.push(put(entry));
      changes.forEach(tell);
    },
  };
}

/** Whether a namespace is in the scope. */
function within(scope: Scope): (namespace: string) => boolean {
  return typeof scope === "string" ? (namespace) => scope === "" || scope === namespace : scope;
}

function keyOf({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}
