import { expect } from "vitest";
import { reflect } from "./reflection.ts";
import { hang, type Reply, scriptedServer } from "./scripted-server.ts";

/** Plays the replies, and waits until the last of them has been asked for and what is expected has been told. */
export async function told(replies: readonly Reply[], expected: readonly string[]) {
  await using server = await scriptedServer(...replies, hang());
  await using reflection = reflect(server.credentials);
  await expect.poll(() => reflection.told, { interval: 5 }).toEqual(expected);
  await expect.poll(() => server.requests.length, { interval: 5 }).toBe(replies.length + 1);
  return { requests: server.requests, faults: reflection.faults, relists: reflection.relists };
}
