import { expect, test } from "vitest";
import { eventually } from "../test/eventually.ts";
import { nameOf, quickClock, reflect, wordsOf } from "../test/reflection.ts";
import {
  cut,
  event,
  hang,
  page,
  refuse,
  type Reply,
  type ScriptedServer,
  scriptedServer,
} from "../test/scripted-server.ts";
import type { ApiError } from "./api-error.ts";
import { connect } from "./client.ts";
import { systemClock } from "./clock.ts";
import { pods } from "./resource.ts";
import type { WatchEvent } from "./watch-options.ts";

test("a consumer that takes its time is no stall, and the server has to wait for it", async () => {
  const count = 1_500;
  const big = Array.from({ length: count }, (_, index) =>
    event("ADDED", `${index}-${"x".repeat(20_000)}`, `${index + 2}`),
  );
  const sent: number[] = [];
  const flood: Reply = async (response) => {
    for (const [index, line] of big.entries()) {
      await new Promise((resolve) => response.write(line, resolve));
      sent.push(index);
    }
  };
  await using server = await scriptedServer(page([], "1"), flood);
  const gate = Promise.withResolvers<void>();
  const consume = async (words: string) => (words.startsWith("apply") ? gate.promise : undefined);
  // to a clock that goes on by itself the parts of an event would take for ever
  await using reflection = reflect(server.credentials, { stallMs: 30, consume, clock: quickClock(0) });
  await eventually(() => sent.length).toBeGreaterThan(0);
  // long after stallMs nothing has happened, but that the server can't get rid of more
  await systemClock.sleep(200);
  expect(sent.length).toBeLessThan(count);
  gate.resolve();
  await eventually(() => reflection.told.length).toBe(count + 2);
  expect(server.requests).toHaveLength(2);
});

test("a bookmark that comes together with events counts as contact once they are taken: it says that all before it is there", async () => {
  const together = event("ADDED", "a", "2") + event("ADDED", "b", "3") + event("BOOKMARK", "", "4");
  await using server = await scriptedServer(page([], "1"), hang(together));
  const gate = Promise.withResolvers<void>();
  const consume = async (words: string) => (words === "apply b" ? gate.promise : undefined);
  await using reflection = reflect(server.credentials, { consume });
  await eventually(() => reflection.told.at(-1)).toBe("apply b");
  await new Promise(setImmediate);
  expect(reflection.contacts.filter((kind) => kind === "bookmark")).toEqual([]);
  gate.resolve();
  await eventually(() => reflection.contacts.at(-1)).toBe("bookmark");
});

const states: readonly (readonly [string, readonly Reply[], (server: ScriptedServer) => boolean])[] = [
  ["before the list is answered", [() => {}], ({ requests }) => requests.length === 1],
  ["between two pages", [page(["a"], "1", "next"), () => {}], ({ requests }) => requests.length === 2],
  ["in the middle of a page", [hang('{"items":')], ({ requests }) => requests.length === 1],
  ["before the watch is answered", [page([], "1"), () => {}], ({ requests }) => requests.length === 2],
  ["in an open stream", [page([], "1"), hang(event("ADDED", "a", "2"))], ({ requests }) => requests.length === 2],
  ["in the middle of an event", [page([], "1"), hang('{"type":')], ({ requests }) => requests.length === 2],
  [
    "in an error's body",
    [(response) => void response.writeHead(500).write("{")],
    ({ requests }) => requests.length === 1,
  ],
];

test.each(states)("aborted %s, it ends cleanly and leaves nothing open", async (_, replies, reached) => {
  await using server = await scriptedServer(...replies);
  await using reflection = reflect(server.credentials);
  await eventually(() => reached(server)).toBe(true);
  await reflection.stop();
  await eventually(server.open).toBe(0);
  expect(reflection.faults).toEqual([]);
});

test("aborted in a pause, it ends without waiting for its end", async () => {
  await using server = await scriptedServer(refuse(503));
  const clock = { ...quickClock(0), sleep: (_: number, signal?: AbortSignal) => aborted(signal) };
  await using reflection = reflect(server.credentials, { clock });
  await eventually(() => reflection.faults).toHaveLength(1);
  await reflection.stop();
  expect(server.requests).toHaveLength(1);
});

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener("abort", () => resolve()));
}

test("leaving the loop cuts the connection", async () => {
  await using server = await scriptedServer(page([], "1"), hang(event("ADDED", "a", "2"), event("ADDED", "b", "3")));
  await using client = connect(server.credentials);
  const signal = new AbortController().signal;
  for await (const { type } of client.watch(pods, { decode: nameOf, signal })) {
    if (type === "apply") break;
  }
  await eventually(server.open).toBe(0);
});

test("an aborted signal asks for nothing", async () => {
  await using server = await scriptedServer();
  await using client = connect(server.credentials);
  const events = client.watch(pods, { decode: nameOf, signal: AbortSignal.abort() });
  expect(await collect(events)).toEqual([]);
  expect(server.requests).toEqual([]);
});

test("a signal that times out ends it as cleanly as one that is aborted", async () => {
  await using server = await scriptedServer(page(["a"], "1"));
  await using client = connect(server.credentials);
  const faults: ApiError[] = [];
  const signal = AbortSignal.timeout(500);
  const events = client.watch(pods, { decode: nameOf, signal, onFault: (fault) => faults.push(fault) });
  expect(await collect(events)).toEqual(["init", "initApply a", "initDone 1"]);
  expect(faults).toEqual([]);
});

test("a client that is disposed of ends its watches", async () => {
  await using server = await scriptedServer(page([], "1"));
  const client = connect(server.credentials);
  const signal = new AbortController().signal;
  const ended = collect(client.watch(pods, { decode: nameOf, signal }));
  await eventually(() => server.requests).toHaveLength(2);
  await client[Symbol.asyncDispose]();
  expect(await ended).toEqual(["init", "initDone 1"]);
});

test("whatever happens to a watch, no rejection is left unhandled", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): number => unhandled.push(reason);
  process.on("unhandledRejection", note);
  process.on("uncaughtException", note);
  const lists = [cut("{"), refuse(500), page([], "1")];
  const watches = [cut(), cut(event("ADDED", "a", "2")), hang("x\n"), refuse(500)];
  const halves = [hang(`${event("BOOKMARK", "", "3")}{"type":`), hang(), page([], "4")];
  await using server = await scriptedServer(...lists, ...watches, ...halves);
  await using reflection = reflect(server.credentials, { stallMs: 20 });
  await eventually(() => server.requests.length).toBeGreaterThan(10);
  await reflection.stop();
  await systemClock.sleep(20);
  process.off("unhandledRejection", note);
  process.off("uncaughtException", note);
  expect(unhandled).toEqual([]);
});

async function collect(events: AsyncIterable<WatchEvent<string>>): Promise<readonly string[]> {
  const told: string[] = [];
  for await (const event of events) told.push(wordsOf(event));
  return told;
}
