import type { Sight } from "../mirror/world.ts";

/** An operator that keeps every mirror, watches all that it needs, and may do all. */
export const seesAll: Sight = {
  isOurs: () => true,
  covers: () => true,
  seesMounts: () => true,
  reachable: () => true,
  nodesReadable: () => true,
  staleness: () => undefined,
  refreshRefused: () => false,
};
