import { mkdir, mkdtempDisposable, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ensureBuilt, isExecutable } from "./build-cache.ts";

async function cacheDirectory() {
  const directory = await mkdtempDisposable(join(tmpdir(), "build-cache-"));
  const key = join(directory.path, "key");
  return { file: join(key, "etcd"), list: () => readdir(key), [Symbol.asyncDispose]: () => directory.remove() };
}

/** A build that waits until it is told to go on, and counts how often it was begun. */
function slowBuild() {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  let builds = 0;
  const build = async (output: string) => {
    builds++;
    begun.resolve();
    await gate.promise;
    await writeFile(output, `build ${builds}`, { mode: 0o755 });
  };
  return { build, begun: begun.promise, finish: gate.resolve, count: () => builds };
}

function ensure(
  file: string,
  build: (output: string) => Promise<void>,
  reported: string[] = [],
  signal = new AbortController().signal,
) {
  return ensureBuilt({ file, name: "etcd", expectedSeconds: 60, build }, (line) => reported.push(line), signal);
}

test("of two builders one builds, and the other says that it waits and takes what was built", async () => {
  await using cache = await cacheDirectory();
  const { build, begun, finish, count } = slowBuild();
  const [first, second]: [string[], string[]] = [[], []];
  const builder = ensure(cache.file, build, first);
  await begun;
  const waiter = ensure(cache.file, build, second);
  await expect.poll(() => second).toEqual(["another process is building etcd: waiting for it"]);
  finish();
  expect(await Promise.all([builder, waiter])).toEqual([true, false]);
  expect(count()).toBe(1);
  expect(first).toEqual([
    "building etcd, once: about 60 s on 2 cores if nothing of it is cached",
    `built etcd: ${cache.file}`,
  ]);
  expect(await readFile(cache.file, "utf8")).toBe("build 1");
  expect(await cache.list()).toEqual(["etcd"]);
});

test("a build that fails leaves no binary and no lock, and the next one builds", async () => {
  await using cache = await cacheDirectory();
  const failing = ensure(cache.file, async (output) => {
    await writeFile(output, "half");
    throw new Error("no space");
  });
  await expect(failing).rejects.toThrow("no space");
  expect(await isExecutable(cache.file)).toBe(false);
  await ensure(cache.file, (output) => writeFile(output, "whole", { mode: 0o755 }));
  expect(await readFile(cache.file, "utf8")).toBe("whole");
  expect(await cache.list()).toEqual(["etcd"]);
});

test("the lock of a process that died is taken over", async () => {
  await using cache = await cacheDirectory();
  await mkdir(`${cache.file}.lock`, { recursive: true });
  const aMinuteAgo = new Date(Date.now() - 60_000);
  await utimes(`${cache.file}.lock`, aMinuteAgo, aMinuteAgo);
  await ensure(cache.file, (output) => writeFile(output, "mine", { mode: 0o755 }));
  expect(await readFile(cache.file, "utf8")).toBe("mine");
});

test("the signal ends the waiting for another's build", async () => {
  await using cache = await cacheDirectory();
  const { build, begun, finish } = slowBuild();
  const builder = ensure(cache.file, build);
  await begun;
  const stop = new AbortController();
  const waiter = ensure(cache.file, build, [], stop.signal);
  stop.abort(new Error("enough"));
  await expect(waiter).rejects.toThrow("enough");
  finish();
  await builder;
});

test("a directory, or a file that may not be run, is no binary", async () => {
  await using cache = await cacheDirectory();
  await mkdir(cache.file, { recursive: true });
  expect(await isExecutable(cache.file)).toBe(false);
  await writeFile(join(cache.file, "text"), "", { mode: 0o644 });
  expect(await isExecutable(join(cache.file, "text"))).toBe(false);
});
