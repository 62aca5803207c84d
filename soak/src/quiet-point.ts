import { type ApiClient, ApiError, type Clock } from "@metadata-mirror/api-client";
import { contentFaults, type Mismatch, type Written } from "./check/content-faults.ts";
import { type Sight, stateOf } from "./check/sight.ts";
import { statusFaults } from "./check/status-faults.ts";
import { createGarbage } from "./cluster/garbage.ts";
import { look } from "./cluster/look.ts";
import type { Surely } from "./cluster/surely.ts";
import type { World } from "./world/world.ts";

/** What came of a quiet point. */
export interface QuietPoint {
  /** How long it took until all ConfigMaps were right, in milliseconds; where they never were, how long they were waited for. */
  readonly recoveredMs: number;
  /** Empty where all is as it should be. */
  readonly mismatches: readonly Mismatch[];
}

export interface QuietPointOptions {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly surely: Surely;
  readonly namespaces: readonly string[];
  /** Within what time the ConfigMaps are to be right, in milliseconds. */
  readonly withinMs: number;
  readonly world: World;
  readonly written: Written;
  readonly signal: AbortSignal;
}

const lookEveryMs = 200;

/** Counts follow at most every 10 s (docs/metadata-mirror.md), and are then to be there within 3. */
const statusMs = 13_000;

/** As long nothing may be written once all is right, in milliseconds. */
const stillMs = 1_000;

/**
 * Looks, while nothing happens and nothing is wrong, until all is as it should be: first the ConfigMaps, then the statuses too, and then whether
 * nothing is written any more. Garbage is collected meanwhile.
 */
export async function quietPoint(options: QuietPointOptions): Promise<QuietPoint> {
  const { client, clock, surely, namespaces, withinMs, world, written, signal } = options;
  const garbage = createGarbage(client, namespaces, surely);
  const begun = clock.monotonic();
  const sighted = async (): Promise<Sight> => {
    const sight = await surely(() => look(client, namespaces));
    if (sight === undefined) throw new ApiError("unknown", "nothing was seen");
    return sight;
  };

  /** Looks until there are no mismatches, at most for so long; returns those that were there last. */
  async function until(ms: number, find: (sight: Sight) => readonly Mismatch[]): Promise<readonly Mismatch[]> {
    const end = clock.monotonic() + ms;
    for (;;) {
      const found = find(await sighted());
      if (found.length === 0 || clock.monotonic() > end || signal.aborted) return found;
      await garbage.collect();
      await clock.sleep(lookEveryMs, signal);
    }
  }

  const wrong = await until(withinMs, (sight) => contentFaults(world, sight, written));
  const recoveredMs = clock.monotonic() - begun;
  if (wrong.length > 0) return { recoveredMs, mismatches: wrong };
  const unsaid = await until(statusMs, (sight) => [
    ...contentFaults(world, sight, written),
    ...statusFaults(world, sight),
  ]);
  if (unsaid.length > 0) return { recoveredMs, mismatches: unsaid };
  const before = stateOf(await sighted());
  await clock.sleep(stillMs, signal);
  const after = new Set(stateOf(await sighted()));
  const mismatches = before
    .filter((one) => !after.has(one))
    .map((one) => ({ object: one, what: "it was written although nothing has changed" }));
  return { recoveredMs, mismatches };
}
