import { getEventListeners } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { documentOf, filesOf } from "../test/documents.ts";
import { follow } from "../test/follower.ts";
import { emptyVolume } from "../test/volume.ts";
import type { Peer } from "./peer.ts";
import { PeersError } from "./peers-error.ts";
import { watchPeers } from "./watch-peers.ts";

const [a, b, c] = [{ _id: "a" }, { _id: "b" }, { _id: "c" }];
/** For those that no test lets wait: the poll never comes. */
const untilTold = { pollMs: 1_000_000 };
const parents = [tmpdir(), "/dev/shm"].filter((parent) => existsSync(parent));

/** The handles and timers that keep a process from its end, by kind. */
const held = () =>
  process
    .getActiveResourcesInfo()
    .filter((kind) => kind === "FSEventWrap" || kind === "Timeout")
    .sort();

describe.each(parents)("in %s", (parent) => {
  test("the peers are told at once, and whenever they change", async () => {
    await using volume = await emptyVolume(parent);
    volume.write(filesOf([[a]]));
    await using follower = follow(volume.directory);
    await follower.until([a]);
    volume.write(filesOf([[a], [b]]));
    await follower.until([a, b]);
    volume.write(filesOf([[b]]));
    await follower.until([b]);
    volume.write(filesOf([[]]));
    await follower.until([]);
    expect(follower.seen).toEqual([[a], [a, b], [b], []]);
    expect(follower.errors).toEqual([]);
  });

  test("so they are in a plain directory, written in place or renamed", async () => {
    await using volume = await emptyVolume(parent);
    const file = join(volume.directory, "peers.json");
    await writeFile(file, documentOf([a]));
    await using follower = follow(volume.directory);
    await follower.until([a]);
    await writeFile(file, documentOf([b]));
    await follower.until([b]);
    await writeFile(`${file}.tmp`, documentOf([c]));
    await rename(`${file}.tmp`, file);
    await follower.until([c]);
  });
});

test("what changes no peer is not told: a move between shards, and files of others", async () => {
  await using volume = await emptyVolume();
  volume.write(filesOf([[a, b]]));
  await using follower = follow(volume.directory);
  await follower.until([a, b]);
  volume.write(filesOf([[a, b], [a]]));
  volume.write(filesOf([[b], [a]]));
  volume.write({ ...filesOf([[b], [a]]), "web-0_podIP": "10.0.0.5" });
  volume.write(filesOf([[b], [a, c]]));
  await follower.until([a, b, c]);
  expect(follower.seen).toEqual([
    [a, b],
    [a, b, c],
  ]);
});

test("who is slow gets the newest peers and none of those between", async () => {
  await using volume = await emptyVolume();
  volume.write(filesOf([[{ _id: "a", version: 0 }]]));
  const peers = watchPeers(volume.directory, untilTold);
  expect(await peers.next()).toEqual({ done: false, value: [{ _id: "a", version: 0 }] });
  for (let version = 1; version <= 100; version++) volume.write(filesOf([[{ _id: "a", version }]]));
  expect(await peers.next()).toEqual({ done: false, value: [{ _id: "a", version: 100 }] });
  await peers.return();
});

test("who comes before the file waits for it, and is told once why", async () => {
  await using volume = await emptyVolume();
  await using follower = follow(volume.directory);
  for (let count = 0; count < 3; count++) await follower.poll();
  volume.write(filesOf([[]]));
  await follower.until([]);
  expect(follower.seen).toEqual([[]]);
  expect(follower.errors).toEqual([expect.objectContaining({ code: "no-file" })]);
});

test("a file that can't be read leaves the last good peers, and is told each time that it goes bad", async () => {
  await using volume = await emptyVolume();
  volume.write(filesOf([[a]]));
  await using follower = follow(volume.directory);
  await follower.until([a]);
  const bad: readonly [string, string][] = [
    ["malformed", "{"],
    ["unsupported", documentOf([b], "metadatamirror.dev/v2")],
  ];
  for (const [code, text] of bad) {
    volume.write({ "peers.json": text });
    await expect.poll(() => follower.errors.at(-1)).toMatchObject({ code });
  }
  volume.write({ other: "" });
  await expect.poll(() => follower.errors.at(-1)).toMatchObject({ code: "no-file" });
  volume.write(filesOf([[a]]));
  volume.write(filesOf([[a, b]]));
  await follower.until([a, b]);
  expect(follower.seen).toEqual([[a], [a, b]]);
  expect(follower.errors).toHaveLength(3);
});

test("without onError it goes on all the same", async () => {
  await using volume = await emptyVolume();
  volume.write({ "peers.json": "{" });
  const peers = watchPeers(volume.directory, untilTold);
  const first = peers.next();
  volume.write(filesOf([[a]]));
  expect(await first).toEqual({ done: false, value: [a] });
  await peers.return();
});

test("a directory that comes later, or is replaced, is found by the poll and watched from then on", async () => {
  await using volume = await emptyVolume();
  const directory = join(volume.directory, "mount");
  const write = (peers: readonly Peer[]) => writeFile(join(directory, "peers.json"), documentOf(peers));
  await using follower = follow(directory);
  for (const peers of [[a], [b]]) {
    await follower.poll();
    expect(follower.errors.at(-1)).toMatchObject({ code: "no-file" });
    await mkdir(directory);
    await write(peers);
    await follower.poll();
    expect(follower.seen.at(-1)).toEqual(peers);
    await write([...peers, c]);
    await follower.until([...peers, c]);
    await rm(directory, { recursive: true });
  }
  // those who read it say that it isn't there, not those who watch it too
  expect(follower.errors.filter((error) => !(error instanceof PeersError))).toEqual([]);
});

describe("it ends, and leaves no watch and no timer behind,", () => {
  test.each([
    ["when the signal aborts while it waits", async (directory: string) => follow(directory).stop()],
    [
      "when the loop is left",
      async (directory: string) => {
        for await (const _ of watchPeers(directory)) break;
      },
    ],
    [
      "when the loop throws",
      async (directory: string) => {
        const loop = async () => {
          for await (const _ of watchPeers(directory)) throw new Error("enough");
        };
        await expect(loop()).rejects.toThrow("enough");
      },
    ],
    [
      "when the signal aborts in the loop, by a signal that lives on without a listener",
      async (directory: string) => {
        const end = new AbortController();
        for await (const _ of watchPeers(directory, { signal: end.signal })) end.abort();
        expect(getEventListeners(end.signal, "abort")).toEqual([]);
      },
    ],
    [
      "when the signal aborts while it reads, and tells nothing any more",
      async (directory: string) => {
        const end = new AbortController();
        const first = watchPeers(directory, { signal: end.signal }).next();
        end.abort();
        expect(await first).toEqual({ done: true, value: undefined });
      },
    ],
    [
      "when the signal had aborted before",
      async (directory: string) => {
        for await (const peers of watchPeers(directory, { signal: AbortSignal.abort() })) expect(peers).toBe("nothing");
      },
    ],
    [
      "when onError throws",
      async () => {
        const onError = (error: Error) => {
          throw error;
        };
        await expect(watchPeers(tmpdir(), { onError, key: "nothing.json" }).next()).rejects.toThrow("no nothing.json");
      },
    ],
  ])("%s", async (_, use) => {
    await using volume = await emptyVolume();
    volume.write(filesOf([[a]]));
    const before = held();
    const peers = watchPeers(volume.directory);
    await peers.next();
    const pausing = peers.next();
    await expect.poll(held).toEqual([...before, "FSEventWrap", "Timeout"].sort());
    volume.write(filesOf([[b]]));
    await pausing;
    await peers.return();
    await use(volume.directory);
    await expect.poll(held).toEqual(before);
  });
});
