import type { Random } from "../random.ts";

/** Things of which each is in one hand at a time: who takes one may change it without others' doing so meanwhile. */
export interface Slots<T> {
  /** Takes any out; undefined where all are taken. */
  take(random: Random): T | undefined;
  /** Takes all of these out that are not taken. */
  takeAll(which: (thing: T) => boolean): readonly T[];
  give(thing: T): void;
  /** What is not taken. */
  readonly free: readonly T[];
}

export function createSlots<T>(things: readonly T[]): Slots<T> {
  const free = [...things];
  return {
    free,
    take(random) {
      if (free.length === 0) return undefined;
      const at = random.int(0, free.length - 1);
      const taken = free[at];
      const last = free.pop() as T;
      if (at < free.length) free[at] = last;
      return taken;
    },
    takeAll(which) {
      const taken = free.filter(which);
      free.splice(0, free.length, ...free.filter((thing) => !which(thing)));
      return taken;
    },
    give: (thing) => void free.push(thing),
  };
}
