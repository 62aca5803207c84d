import process from "node:process";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { inTurns } from "./body.ts";
import { nextTurn } from "./clock.ts";

/** A body that has what it's given, and each chunk once it's read. */
function body() {
  const stream = new Readable({ read: () => undefined });
  const read: string[] = [];
  const ended = (async () => {
    for await (const chunk of inTurns(stream)) read.push(chunk.toString());
  })();
  return { stream, read, ended };
}

/** Lets everybody go on who waits for nothing but others, as between two callbacks of one turn. */
async function settle(): Promise<void> {
  for (let tick = 0; tick < 10; tick++) await new Promise<void>((resolve) => process.nextTick(resolve));
}

test("what comes after a quiet time is read at once, and all that comes in the same turn after it together", async () => {
  const { stream, read, ended } = body();
  await nextTurn();
  stream.push("a");
  await settle();
  expect(read).toEqual(["a"]);
  for (const chunk of ["b", "c", "d"]) {
    stream.push(chunk);
    await settle();
  }
  await nextTurn();
  await settle();
  expect(read).toEqual(["a", "bcd"]);
  stream.push(null);
  await ended;
});

test("a body that breaks is told to who reads it, after what it had", async () => {
  const { stream, read, ended } = body();
  stream.push("a");
  await nextTurn();
  stream.destroy(new Error("cut"));
  await expect(ended).rejects.toThrow("cut");
  expect(read).toEqual(["a"]);
});

test("who leaves cuts the connection", async () => {
  const stream = new Readable({ read: () => undefined });
  stream.push("a");
  for await (const chunk of inTurns(stream)) {
    expect(chunk.toString()).toBe("a");
    break;
  }
  expect(stream.destroyed).toBe(true);
});
