import { contentOf } from "../model/content.ts";
import { keyOf, type World } from "../world/world.ts";
import type { Mismatch } from "./content-faults.ts";
import { shardsOf, type Sight } from "./sight.ts";

/** What must be gone at once, when a grant goes or no longer covers it, is gone by then: while nothing else is wrong. In milliseconds. */
export const disclosureMs = 5_000;

/** Looks out for files of peers of other namespaces that stay although nothing grants them any more. */
export interface DisclosureWatch {
  /** What is there at `now`, in milliseconds that never go back, although it was not granted when it was last looked, that long ago and since. */
  look(now: number, world: World, sight: Sight): readonly Mismatch[];
  /** From now on times count anew. */
  reset(): void;
}

/** Starts it. */
export function watchDisclosure(): DisclosureWatch {
  let since = new Map<string, number>();
  return {
    look(now, world, sight) {
      const next = new Map<string, number>();
      const found = ungranted(world, sight);
      for (const { id } of found) next.set(id, since.get(id) ?? now);
      since = next;
      return found
        .filter(({ id }) => now - (next.get(id) ?? now) > disclosureMs)
        .map(({ object, key }) => ({
          object,
          what: `${key} has been there for more than ${disclosureMs / 1000} s, and nothing grants it`,
        }));
    },
    reset() {
      since = new Map();
    },
  };
}

/** The files of peers of other namespaces that a mirror shows and may not show. */
function ungranted(world: World, sight: Sight) {
  return sight.mirrors.flatMap((found) => {
    const mirror = world.mirrors.get(keyOf(found));
    if (mirror === undefined) return [];
    const expected = contentOf(mirror, world).Files;
    const keys = shardsOf(found, sight).flatMap(({ data }) => Object.keys(data));
    return keys
      .filter((key) => key.includes("__") && !expected.has(key))
      .map((key) => ({ object: `mirror ${keyOf(found)}`, key, id: `${found.uid} ${key}` }));
  });
}
