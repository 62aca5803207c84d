import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readPeers } from "../src/read-peers.ts";
import { watchPeers } from "../src/watch-peers.ts";
import { type RestlessPeer, peerCount, restlessFiles } from "./restless-world.ts";
import { restlessVolume } from "./restless-volume.ts";

/** Where volumes are: projected ones in memory, those of a single ConfigMap on the disk. */
const parents = [tmpdir(), "/dev/shm"].filter((parent) => existsSync(parent));
const deadline = { timeout: 60_000, interval: 10 };
const ids = Array.from({ length: peerCount }, (_, peer) => `peer-${peer}`).toSorted();

/** The generation that all of `peers` are of. Fails where they are of several, and where one is missing or there twice. */
function generationOf(peers: readonly RestlessPeer[]): number {
  expect(peers.map(({ _id }) => _id)).toEqual(ids);
  const generations = new Set(peers.map(({ generation }) => generation));
  expect([...generations]).toHaveLength(1);
  return peers[0]?.generation ?? -1;
}

describe.each(parents)("while a volume in %s is written as fast as can be", (parent) => {
  test("what is read is always of one write, whole, and never older than what was read before", async () => {
    await using volume = await restlessVolume(parent);
    const reader = async () => {
      const generations: number[] = [];
      for (let count = 0; count < 1_500; count++) {
        generations.push(generationOf(await readPeers<RestlessPeer>(volume.directory)));
      }
      expect(generations).toEqual(generations.toSorted((a, b) => a - b));
      return new Set(generations).size;
    };
    // it was written again and again meanwhile, else this shows nothing
    for (const different of await Promise.all([reader(), reader()])) expect(different).toBeGreaterThan(100);
  });

  test("who follows it gets whole states in order, and at last the last one", async () => {
    await using volume = await restlessVolume(parent);
    const seen: (readonly RestlessPeer[])[] = [];
    const stop = new AbortController();
    const follow = async () => {
      const options = { signal: stop.signal, pollMs: 1_000_000 };
      for await (const peers of watchPeers<RestlessPeer>(volume.directory, options)) seen.push(peers);
    };
    const following = follow();
    await expect.poll(() => seen.length, deadline).toBeGreaterThan(300);
    const last = await volume.stop();
    await expect.poll(() => seen.at(-1)?.[0]?.generation, deadline).toBe(last);
    stop.abort();
    await following;
    const generations = seen.map(generationOf);
    expect(generations).toEqual([...new Set(generations)].toSorted((a, b) => a - b));
  });

  // that the reads above are whole is the reader's merit
  test("files that are read one by one are of several writes", async () => {
    await using volume = await restlessVolume(parent);
    const names = Object.keys(restlessFiles(0));
    let torn = 0;
    for (let count = 0; count < 1_500; count++) {
      const texts = await Promise.all(
        names.map((name) => readFile(join(volume.directory, name), "utf8").catch(() => "")),
      );
      const generations = texts.flatMap((text) =>
        [...text.matchAll(/"generation":(\d+)/g)].map(([, digits]) => digits),
      );
      if (new Set(generations).size > 1) torn++;
    }
    expect(torn).toBeGreaterThan(0);
  });
});
