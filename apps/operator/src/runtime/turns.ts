/** Keys that wait, each once: groups take turns, and within a group the first comes first. */
export interface Turns {
  add(key: string): void;
  has(key: string): boolean;
  /** Takes the next key out; undefined where there is none. */
  take(): string | undefined;
  readonly size: number;
}

/** No keys. A group with thousands of them delays another by one, not by thousands. */
export function createTurns(groupOf: (key: string) => string): Turns {
  // a group that has had its turn goes to the end
  const groups = new Map<string, Set<string>>();
  let size = 0;
  return {
    add(key) {
      const group = groupOf(key);
      const keys = groups.get(group) ?? new Set<string>();
      if (keys.has(key)) return;
      groups.set(group, keys.add(key));
      size++;
    },
    has: (key) => groups.get(groupOf(key))?.has(key) ?? false,
    take() {
      const [first] = groups;
      if (first === undefined) return undefined;
      const [group, keys] = first;
      const [key = ""] = keys;
      keys.delete(key);
      groups.delete(group);
      if (keys.size > 0) groups.set(group, keys);
      size--;
      return key;
    },
    get size() {
      return size;
    },
  };
}
