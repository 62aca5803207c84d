import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "./build-cache.ts";

const unusedDays = 30;

/**
 * Removes the binaries of older versions: the folders of `cache` that are named as a toolchain's key is, and in which no file
 * was run, or written, in the 30 days before `now` (milliseconds since the epoch). A build under way touches its lock every
 * few seconds, so its folder stays.
 */
export async function pruneCache(cache: string, now: number, report: Report): Promise<void> {
  const keys = (await readdir(cache)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  for (const folder of keys.map((key) => join(cache, key))) {
    if (now - (await lastUse(folder)) < unusedDays * 24 * 60 * 60_000) continue;
    await rm(folder, { recursive: true, force: true });
    report(`removed ${folder}: not used for ${unusedDays} days`);
  }
}

/** The folder's own time counts, since one just made for a build is empty; its access time does not: we ourselves read it. */
async function lastUse(folder: string): Promise<number> {
  const times = (await readdir(folder)).map(async (name) => {
    const { atimeMs, mtimeMs } = await stat(join(folder, name));
    return Math.max(atimeMs, mtimeMs);
  });
  return Math.max((await stat(folder)).mtimeMs, ...(await Promise.all(times)));
}
