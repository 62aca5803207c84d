import { mkdir, mkdtempDisposable, readdir, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pruneCache } from "./prune-cache.ts";

const now = Date.UTC(2026, 5, 1);
const dayMs = 24 * 60 * 60_000;
const old = "0123456789abcdef";

interface Ages {
  readonly writtenDaysAgo: number;
  readonly runDaysAgo: number;
  readonly folderDaysAgo?: number;
}

/** A cache that holds one folder with one binary, and what is left of it. */
async function pruned(folder: string, { writtenDaysAgo, runDaysAgo, folderDaysAgo = writtenDaysAgo }: Ages) {
  await using cache = await mkdtempDisposable(join(tmpdir(), "prune-cache-"));
  await mkdir(join(cache.path, folder));
  await writeFile(join(cache.path, folder, "etcd"), "");
  const date = (daysAgo: number) => new Date(now - daysAgo * dayMs);
  await utimes(join(cache.path, folder, "etcd"), date(runDaysAgo), date(writtenDaysAgo));
  await utimes(join(cache.path, folder), date(0), date(folderDaysAgo));
  const reported: string[] = [];
  await pruneCache(cache.path, now, (line) => reported.push(line.replace(cache.path, "…")));
  return { left: await readdir(cache.path), reported };
}

test("what was built and run last more than 30 days ago is removed, and that is reported", async () => {
  expect(await pruned(old, { writtenDaysAgo: 90, runDaysAgo: 31 })).toEqual({
    left: [],
    reported: [`removed …/${old}: not used for 30 days`],
  });
});

test.each([
  ["was run since", old, { writtenDaysAgo: 90, runDaysAgo: 29 }],
  ["was written since", old, { writtenDaysAgo: 29, runDaysAgo: 90, folderDaysAgo: 90 }],
  ["has a folder that was made since", old, { writtenDaysAgo: 90, runDaysAgo: 90, folderDaysAgo: 29 }],
  ["is in no folder of ours", "someone-elses", { writtenDaysAgo: 90, runDaysAgo: 90 }],
])("what %s stays", async (_, folder, ages) => {
  expect(await pruned(folder, ages)).toEqual({ left: [folder], reported: [] });
});
