import type { ApiClient, Clock } from "@metadata-mirror/api-client";
import { contentFaults, type Mismatch, type Written } from "./check/content-faults.ts";
import { isUncertain } from "./check/in-the-way.ts";
import { type Sight, statusesOf, versionsOf } from "./check/sight.ts";
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

const lookEveryMs = 100;

/** For so long it's looked whether what isn't right in time is later: late and never are different faults. In milliseconds. */
const lateMs = 30_000;

/** Counts and messages follow at most every 10 s (docs/metadata-mirror.md), and are then to be there within 3. */
const statusMs = 13_000;

/** For so long, in milliseconds, nothing is written any more. */
const stillMs = 1_000;

/** Looks until the ConfigMaps are as they should be, while nothing happens and nothing is wrong. Garbage is collected meanwhile. */
export async function follow(options: QuietPointOptions): Promise<QuietPoint> {
  const { clock, withinMs, world, written } = options;
  const begun = clock.monotonic();
  const view = viewOf(options);
  const find = (sight: Sight) => contentFaults(world, sight, written);
  const mismatches = await lookUntil(view, withinMs, find);
  const recoveredMs = clock.monotonic() - begun;
  if (mismatches.length === 0) return { recoveredMs, mismatches };
  const isLate = (await lookUntil(view, lateMs, find)).length === 0;
  const what = isLate
    ? `all ConfigMaps were right after ${seconds(clock.monotonic() - begun)}, which is too late: by ${seconds(withinMs)} they should have been`
    : `not all ConfigMaps were right after ${seconds(clock.monotonic() - begun)} either`;
  return { recoveredMs, mismatches: [{ object: "in the end", what }, ...mismatches] };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** The same, and then until the statuses are too, and whether nothing is written any more. */
export async function quietPoint(options: QuietPointOptions): Promise<QuietPoint> {
  const { world, written } = options;
  const followed = await follow(options);
  if (followed.mismatches.length > 0) return followed;
  const view = viewOf(options);
  const unsaid = await lookUntil(view, statusMs, (sight) => [
    ...contentFaults(world, sight, written),
    ...statusFaults(world, sight),
  ]);
  return { ...followed, mismatches: unsaid.length > 0 ? unsaid : await restless(view, world) };
}

interface View extends Pick<QuietPointOptions, "clock" | "signal"> {
  /** What there is, once garbage has been collected. */
  readonly look: () => Promise<Sight>;
}

function viewOf({ client, clock, surely, namespaces, signal }: QuietPointOptions): View {
  const garbage = createGarbage(client, namespaces, surely);
  return {
    clock,
    signal,
    async look() {
      await garbage.collect();
      return surely(() => look(client, namespaces));
    },
  };
}

/** Looks until there are no mismatches, at most for so long; returns those that were there last. */
async function lookUntil(
  { look, clock, signal }: View,
  ms: number,
  find: (sight: Sight) => readonly Mismatch[],
): Promise<readonly Mismatch[]> {
  const end = clock.monotonic() + ms;
  for (;;) {
    const found = find(await look());
    if (found.length === 0 || clock.monotonic() > end || signal.aborted) return found;
    await clock.sleep(lookEveryMs, signal);
  }
}

/**
 * What is written although all is right: of ConfigMaps nothing may be, but of those of which it can't be told whether they are. These, and the
 * messages of statuses, come to an end.
 */
async function restless({ look, clock, signal }: View, world: World): Promise<readonly Mismatch[]> {
  const told = (all: readonly string[], what: string) => all.map((object) => ({ object, what }));
  const certain = ({ configMaps }: Sight) =>
    versionsOf({ configMaps: configMaps.filter((one) => !isUncertain(one, world)) });
  const all = (sight: Sight) => [...versionsOf(sight), ...statusesOf(sight)];
  const end = clock.monotonic() + statusMs;
  let before = await look();
  for (;;) {
    await clock.sleep(stillMs, signal);
    const now = await look();
    const written = gone(certain(before), certain(now));
    if (written.length > 0) return told(written, "it was written although nothing has changed");
    const changed = gone(all(before), all(now));
    if (changed.length === 0) return [];
    if (clock.monotonic() > end || signal.aborted) return told(changed, "it changes again and again");
    before = now;
  }
}

function gone(before: readonly string[], now: readonly string[]): readonly string[] {
  return before.filter((one) => !now.includes(one));
}
