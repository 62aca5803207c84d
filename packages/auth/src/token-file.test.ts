import { mkdtempDisposable, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tokenFile } from "./token-file.ts";

const prefix = join(tmpdir(), "token-file-");

test("a token is trimmed, and read again only once ten seconds have gone by", async () => {
  await using directory = await mkdtempDisposable(prefix);
  const path = join(directory.path, "token");
  let now = 0;
  const token = tokenFile(path, () => now);

  await writeFile(path, "  first\n");
  expect(await token()).toBe("first");
  await writeFile(path, "second\n");
  now = 9_999;
  expect(await token()).toBe("first");
  now = 10_000;
  expect(await token()).toBe("second");
});

test("a fresh token is read at once, and is what follows", async () => {
  await using directory = await mkdtempDisposable(prefix);
  const path = join(directory.path, "token");
  const token = tokenFile(path, () => 0);

  await writeFile(path, "first");
  expect(await token()).toBe("first");
  await writeFile(path, "second");
  expect(await token({ fresh: true })).toBe("second");
  expect(await token()).toBe("second");
});

test("a missing or empty file is an error that names it, until it is there again", async () => {
  await using directory = await mkdtempDisposable(prefix);
  const path = join(directory.path, "token");
  const token = tokenFile(path, () => 0);

  await expect(token()).rejects.toThrow(`cannot read the token file ${path} (ENOENT)`);
  await writeFile(path, " \n");
  await expect(token()).rejects.toThrow(`the token file ${path} is empty`);
  await writeFile(path, "first");
  expect(await token()).toBe("first");
  await rm(path);
  expect(await token()).toBe("first");
  await expect(token({ fresh: true })).rejects.toThrow(path);
});
