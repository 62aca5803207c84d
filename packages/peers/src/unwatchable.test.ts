import { EventEmitter } from "node:events";
import { expect, test, vi } from "vitest";
import { filesOf } from "../test/documents.ts";
import { follow } from "../test/follower.ts";
import { emptyVolume } from "../test/volume.ts";

/** What the system answers who wants to watch; each answer is used up. */
const answers = vi.hoisted(() => [] as (() => unknown)[]);
vi.mock("node:fs", async (original) => ({
  ...(await original<typeof import("node:fs")>()),
  watch: (directory: string) => answers.shift()?.() ?? noWatchesLeft(directory),
}));

function noWatchesLeft(directory: string): never {
  const message = `ENOSPC: System limit for number of file watchers reached, watch '${directory}'`;
  throw Object.assign(new Error(message), { code: "ENOSPC" });
}

/** A watch that tells of nothing. */
const deaf = () => Object.assign(new EventEmitter(), { close: () => {} });

const [a, b] = [{ _id: "a" }, { _id: "b" }];

test("where the system has no watches left that is told once, and the peers are found by the poll", async () => {
  await using volume = await emptyVolume();
  volume.write(filesOf([[a]]));
  await using follower = follow(volume.directory);
  await follower.until([a]);
  volume.write(filesOf([[b]]));
  await follower.poll();
  expect(follower.seen).toEqual([[a], [b]]);
  await follower.poll();
  const message = `${volume.directory}: the system doesn't tell of its changes, it is only read from time to time: ENOSPC: System limit for number of file watchers reached, watch '${volume.directory}'`;
  expect(follower.errors.map((error) => error.message)).toEqual([message]);
});

test("a watch that fails later is begun anew with the next poll", async () => {
  await using volume = await emptyVolume();
  volume.write(filesOf([[a]]));
  const first = deaf();
  answers.push(() => first, deaf);
  await using follower = follow(volume.directory);
  await follower.until([a]);
  first.emit("error", new Error("gone"));
  volume.write(filesOf([[b]]));
  await follower.poll();
  expect(follower.seen).toEqual([[a], [b]]);
  expect(answers).toEqual([]);
  expect(follower.errors).toEqual([]);
});
