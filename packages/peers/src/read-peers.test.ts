import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { documentOf, filesOf } from "../test/documents.ts";
import { emptyVolume } from "../test/volume.ts";
import { readPeers } from "./read-peers.ts";

const [a, b, c] = [
  { _id: "a", podName: "web-0" },
  { _id: "b", podName: "web-1" },
  { _id: "c", podName: "web-2" },
];

test("the peers of all shards of a volume are joined", async () => {
  await using volume = await emptyVolume();
  volume.write(filesOf([[b], [], [c, a]]));
  expect(await readPeers(volume.directory)).toEqual([a, b, c]);
});

test("a shard that is not there is not missed", async () => {
  await using volume = await emptyVolume();
  volume.write({ "peers-2.json": documentOf([a]), "web-0_podIP": "10.0.0.5" });
  expect(await readPeers(volume.directory)).toEqual([a]);
});

test("several mirrors in one volume are told apart by their keys", async () => {
  await using volume = await emptyVolume();
  volume.write({ ...filesOf([[a], [b]], "web"), ...filesOf([[c]], "db") });
  expect(await readPeers(volume.directory, { key: "web.json" })).toEqual([a, b]);
  expect(await readPeers(volume.directory, { key: "db.json" })).toEqual([c]);
});

test("of a peer in two shards the copy of the lower one by number is taken", async () => {
  await using volume = await emptyVolume();
  volume.write({
    "peers-10.json": documentOf([{ _id: "a", shard: 10 }]),
    "peers-9.json": documentOf([{ _id: "a", shard: 9 }]),
  });
  expect(await readPeers(volume.directory)).toEqual([{ _id: "a", shard: 9 }]);
});

test("a plain directory is read as it stands", async () => {
  await using volume = await emptyVolume();
  await writeFile(join(volume.directory, "peers.json"), documentOf([b]));
  await writeFile(join(volume.directory, "peers-1.json"), documentOf([a]));
  expect(await readPeers(volume.directory)).toEqual([a, b]);
});

test("no peers are an empty list", async () => {
  await using volume = await emptyVolume();
  volume.write(filesOf([[], []]));
  expect(await readPeers(volume.directory)).toEqual([]);
});

test("no file is an error, which says what it may be", async () => {
  await using volume = await emptyVolume();
  const { directory } = volume;
  const message = `${directory}: there is no peers.json in it: does a MetadataMirror with a JSON format of this key exist, and does the volume have its ConfigMap as a source?`;
  await expect(readPeers(directory)).rejects.toMatchObject({ code: "no-file", message });
  volume.write({ "web-0_podIP": "10.0.0.5" });
  await expect(readPeers(directory)).rejects.toMatchObject({ code: "no-file", message });
});

test("no directory is an error that names it", async () => {
  const message = "/nowhere/peers: there is no such file or directory: is the volume mounted at /nowhere/peers?";
  await expect(readPeers("/nowhere/peers")).rejects.toMatchObject({ code: "no-file", message });
});

test("a link that leads nowhere is an error, and not waited for", async () => {
  await using volume = await emptyVolume();
  const { directory } = volume;
  await symlink("..2026_01_01_00_00_00.1", join(directory, "..data"));
  const message = `${directory}/..2026_01_01_00_00_00.1: there is no such file or directory: is the volume mounted at ${directory}?`;
  await expect(readPeers(directory)).rejects.toMatchObject({ code: "no-file", message });
  await rm(join(directory, "..data"));
  await symlink("elsewhere.json", join(directory, "peers.json"));
  await expect(readPeers(directory)).rejects.toMatchObject({
    code: "no-file",
    message: expect.stringContaining(`${directory}/peers.json: there is no such file`),
  });
});

test("one bad document of several is an error that names its file, and nothing is told of the others", async () => {
  await using volume = await emptyVolume();
  volume.write({ "peers.json": documentOf([a]), "peers-1.json": "{" });
  await expect(readPeers(volume.directory)).rejects.toMatchObject({
    code: "malformed",
    message: expect.stringContaining(`${volume.directory}/peers-1.json: it is not JSON`),
  });
});

test("what the file system says otherwise is passed on", async () => {
  await using volume = await emptyVolume();
  await mkdir(join(volume.directory, "peers.json"));
  await expect(readPeers(volume.directory)).rejects.toMatchObject({ code: "EISDIR" });
  await writeFile(join(volume.directory, "..data"), "");
  await expect(readPeers(volume.directory)).rejects.toMatchObject({ code: "EINVAL" });
});
