import type { Figures } from "../result.ts";
import type { World } from "../world/world.ts";
import { usageOf } from "./process-usage.ts";
import { readRequests, requestsBetween, serversCpu } from "./server-usage.ts";
import type { Session } from "./session.ts";

/** What went on between two moments. */
export interface Measured {
  readonly figures: Figures;
  /** By verb and resource. */
  readonly requests: Readonly<Record<string, number>>;
}

/** Begins to measure; the function that it returns ends it. `changes` is how many pods the harness has patched meanwhile. */
export async function openWindow(world: World, session: Session): Promise<(changes: number) => Promise<Measured>> {
  const { api, controlPlane } = world;
  const { observer, replicas } = session;
  const requestsBefore = await readRequests(api);
  const written = observer.sighted();
  const own = await usageOf(replicas);
  const servers = await serversCpu(controlPlane);
  return async (changes) => {
    const serversAfter = await serversCpu(controlPlane);
    const ownAfter = await usageOf(replicas);
    const { writes, bytes } = observer.sighted();
    const all = new Map(requestsBetween(requestsBefore, await readRequests(api)));
    if (changes > 0) all.set("PATCH pods", (all.get("PATCH pods") ?? 0) - changes);
    const requests = Object.fromEntries([...all].filter(([, count]) => count > 0));
    return {
      figures: {
        ...(replicas.length > 0 && {
          ownCpu: ownAfter.cpuSeconds - own.cpuSeconds,
          rss: ownAfter.rss,
          peakRss: ownAfter.peakRss,
        }),
        serversCpu: serversAfter - servers,
        writes: writes - written.writes,
        ...(changes > 0 && { writesPerChange: (writes - written.writes) / changes }),
        stored: bytes - written.bytes,
        requests: Object.values(requests).reduce((sum, count) => sum + count, 0),
      },
      requests,
    };
  };
}
