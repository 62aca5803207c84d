import { expect, test } from "vitest";
import { rotating } from "./rotating.ts";

/** A file that rotates, and its reader: `content` is what a read finds, an Error what it fails with. */
function subject(content: string | Error) {
  const file = { content, reads: 0, now: 0 };
  const read = rotating(
    async () => {
      file.reads += 1;
      if (file.content instanceof Error) throw file.content;
      return file.content;
    },
    () => file.now,
  );
  return { file, read };
}

test("what rotates is read again only once ten seconds have gone by", async () => {
  const { file, read } = subject("first");
  expect(await read()).toBe("first");
  file.content = "second";
  file.now = 9_999;
  expect(await read()).toBe("first");
  file.now = 10_000;
  expect(await read()).toBe("second");
});

test("a fresh read is made at once, and is what follows", async () => {
  const { file, read } = subject("first");
  expect(await read()).toBe("first");
  file.content = "second";
  expect(await read({ fresh: true })).toBe("second");
  expect(await read()).toBe("second");
});

test("what can't be read leaves the last good answer, and is looked for every ten seconds", async () => {
  const { file, read } = subject("first");
  await read();
  file.content = new Error("gone");
  file.now = 10_000;
  expect(await read()).toBe("first");
  file.content = "second";
  file.now = 19_999;
  expect(await read()).toBe("first");
  file.now = 20_000;
  expect(await read()).toBe("second");
});

test("a fresh read that fails is an error, after which the last good answer still stands", async () => {
  const { file, read } = subject("first");
  await read();
  file.content = new Error("gone");
  await expect(read({ fresh: true })).rejects.toThrow("gone");
  expect(await read()).toBe("first");
});

test("before there is a good answer each try reads, and fails as the read does", async () => {
  const { file, read } = subject(new Error("not yet"));
  await expect(read()).rejects.toThrow("not yet");
  file.content = "first";
  expect(await read()).toBe("first");
});

test("however many ask at once, one read answers them", async () => {
  const { file, read } = subject("first");
  expect(await Promise.all([read(), read({ fresh: true }), read()])).toEqual(["first", "first", "first"]);
  expect(file.reads).toBe(1);
});
