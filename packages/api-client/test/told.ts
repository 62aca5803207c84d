import { expect } from "vitest";
import { eventually } from "./eventually.ts";
import { reflect } from "./reflection.ts";
import { hang, type Reply, scriptedServer } from "./scripted-server.ts";

/** Plays the replies, and when all of them have been taken looks at what was told. */
export async function told(replies: readonly Reply[], expected: readonly string[]) {
  await using server = await scriptedServer(...replies, hang());
  await using reflection = reflect(server.credentials);
  await eventually(() => server.requests.length).toBe(replies.length + 1);
  expect(reflection.told).toEqual(expected);
  return { requests: server.requests, faults: reflection.faults, relists: reflection.relists };
}
