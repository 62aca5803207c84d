import { eventually } from "./eventually.ts";
import { reflect } from "./reflection.ts";
import { hang, type Reply, scriptedServer } from "./scripted-server.ts";

/** Plays the replies, and waits until the last of them has been asked for and what is expected has been told. */
export async function told(replies: readonly Reply[], expected: readonly string[]) {
  await using server = await scriptedServer(...replies, hang());
  await using reflection = reflect(server.credentials);
  await eventually(() => reflection.told).toEqual(expected);
  await eventually(() => server.requests.length).toBe(replies.length + 1);
  return { requests: server.requests, faults: reflection.faults, relists: reflection.relists };
}
