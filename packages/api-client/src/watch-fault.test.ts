import { expect, test } from "vitest";
import { eventually } from "../test/eventually.ts";
import { quickClock, reflect } from "../test/reflection.ts";
import {
  cut,
  errorEvent,
  event,
  hang,
  page,
  protobuf,
  refuse,
  type Reply,
  scriptedServer,
  stream,
  trickle,
} from "../test/scripted-server.ts";
import { told } from "../test/told.ts";
import { systemClock } from "./clock.ts";
import { message, one } from "./protobuf/message.ts";
import { bookmark } from "./protobuf/writer.ts";

const wire = message({ 1: ["metadata", one(message({ 6: ["resourceVersion", "text"] }))] });

const halfAnEvent = event("MODIFIED", "a", "6").slice(0, 30);

test.each<readonly [string, string, Reply]>([
  ["a forbidden watch", "forbidden", refuse(403)],
  ["a request time-out", "timeout", refuse(408)],
  ["too many requests", "too-many-requests", refuse(429)],
  ["an internal error", "internal", refuse(500)],
  ["a bad gateway without a Status", "unavailable", (response) => void response.writeHead(502).end("<html>")],
  ["a server that is going", "unavailable", refuse(503)],
  ["an error event", "internal", hang(errorEvent({ code: 500, message: "etcd has a cold" }))],
  ["a connection cut between events", "unavailable", cut(event("MODIFIED", "a", "5"))],
  ["a connection cut in an event", "unavailable", cut(event("MODIFIED", "a", "5"), halfAnEvent)],
  ["a stream that ends in an event", "unavailable", stream(event("MODIFIED", "a", "5"), halfAnEvent)],
  ["a line that is no JSON", "unavailable", hang(event("MODIFIED", "a", "5"), "<html>\n")],
  ["a line that is no event", "unavailable", hang(event("MODIFIED", "a", "5"), '{"type":"ADDED"}\n')],
  ["an event of an unknown type", "unavailable", hang(event("MODIFIED", "a", "5"), event("RENAMED", "a", "6"))],
  ["an object without a version", "unavailable", hang(event("MODIFIED", "a", "5"), event("MODIFIED", "a", ""))],
])("%s is waited out, and the stream resumed where it was", async (_, code, fault) => {
  await using server = await scriptedServer(page(["a"], "1"), fault, hang(event("DELETED", "a", "7")));
  await using reflection = reflect(server.credentials);
  await eventually(() => reflection.told.at(-1)).toBe("delete a");

  const sawEvent = reflection.told.includes("apply a");
  expect(server.requests.at(-1)?.query["resourceVersion"]).toBe(sawEvent ? "5" : "1");
  expect(reflection.faults).toMatchObject([{ code, pauseMs: 1_600 }]);
  expect(reflection.told.filter((words) => words === "init")).toHaveLength(1);
});

test("a list that fails is tried again, from its beginning", async () => {
  const { faults } = await told([refuse(503), page(["a"], "1")], ["init", "init", "initApply a", "initDone 1"]);
  expect(faults).toMatchObject([{ code: "unavailable" }]);
});

test("a resource that isn't served is waited for, and listed when it is", async () => {
  const replies = [page(["a"], "1"), refuse(404), refuse(404), page([], "9")];
  const { relists } = await told(replies, ["init", "initApply a", "initDone 1", "init", "init", "initDone 9"]);
  expect(relists).toEqual(["not-found"]);
});

test("a stream that falls silent for stallMs is given up, and resumed", async () => {
  await using server = await scriptedServer(
    page([], "1"),
    hang(event("BOOKMARK", "", "2")),
    hang(event("ADDED", "a", "3")),
  );
  await using reflection = reflect(server.credentials, { stallMs: 50 });
  await eventually(() => reflection.told).toEqual(["init", "initDone 1", "apply a"]);
  expect(server.requests[2]?.query["resourceVersion"]).toBe("2");
  expect(reflection.faults[0]).toMatchObject({ code: "timeout" });
});

test.each([
  ["an event that never ends", trickle("x", event("BOOKMARK", "", "2"), '{"type":"ADDED","object":"')],
  ["nothing but empty lines", trickle("\n", event("BOOKMARK", "", "2"))],
  ["a frame of protobuf that never ends", protobuf.trickle(Buffer.of(0), bookmark("2"), Buffer.of(0, 1, 0, 0))],
])("a stream that brings %s is given up after stallMs, and resumed", async (_, trickling) => {
  await using server = await scriptedServer(page([], "1"), trickling, hang(event("ADDED", "a", "3")));
  const clock = { ...systemClock, sleep: () => systemClock.sleep(1) };
  await using reflection = reflect(server.credentials, { stallMs: 200, clock, wire });
  await eventually(() => reflection.told).toEqual(["init", "initDone 1", "apply a"]);
  expect(server.requests[2]?.query["resourceVersion"]).toBe("2");
  expect(reflection.faults[0]).toMatchObject({ code: "timeout", message: expect.stringContaining("no whole event") });
  await eventually(server.open).toBe(1);
});

test("a stream that is silent from its beginning may be ahead of a server that lost its data: a new list", async () => {
  await using server = await scriptedServer(page(["a"], "100"), hang(), page(["b"], "3"));
  await using reflection = reflect(server.credentials, { stallMs: 50 });
  await eventually(() => reflection.told.slice(3)).toEqual(["init", "initApply b", "initDone 3"]);
  expect(reflection.relists[0]).toBe("timeout");
});

test("pauses grow while nothing gets better, and are short again after an event", async () => {
  const replies = [page([], "1"), refuse(500), refuse(500), refuse(500), cut(event("ADDED", "a", "2")), refuse(500)];
  const { faults } = await told(replies, ["init", "initDone 1", "apply a"]);
  expect(faults.map(({ pauseMs }) => pauseMs)).toEqual([1_600, 2_800, 4_600, 1_600, 2_800]);
});

test("a restarted server that has forgotten where we were is listed after a short pause, however long it was away", async () => {
  const away = [refuse(503), refuse(503), refuse(503), refuse(410)];
  const { faults } = await told([page([], "1"), ...away, page([], "9")], ["init", "initDone 1", "init", "initDone 9"]);
  expect(faults.map(({ pauseMs }) => pauseMs)).toEqual([1_600, 2_800, 4_600, 1_600]);
});

test("a server that forgets again and again is listed less and less often", async () => {
  const forgetful = [page([], "1"), refuse(410), page([], "2"), refuse(410), page([], "3")];
  await using server = await scriptedServer(...forgetful);
  await using reflection = reflect(server.credentials, { clock: quickClock(0) });
  await eventually(() => reflection.told.at(-1)).toBe("initDone 3");
  expect(reflection.faults.map(({ pauseMs }) => pauseMs)).toEqual([1_600, 2_800]);
});

test.each([
  ["the header", refuse(429, {}, { "retry-after": "17" })],
  ["the Status", refuse(429, { details: { retryAfterSeconds: 17 } })],
])("Retry-After of %s is honoured", async (_, busy) => {
  const { faults } = await told([page([], "1"), busy], ["init", "initDone 1"]);
  expect(faults).toMatchObject([{ code: "too-many-requests", pauseMs: 17_400 }]);
});

test("a stream that ends as it should is resumed without a pause", async () => {
  const { faults } = await told([page([], "1"), stream(), stream(), stream()], ["init", "initDone 1"]);
  expect(faults).toEqual([]);
});

test("a server that ends each stream at once is asked less and less often, even when each brings something", async () => {
  const empty = [page([], "1"), stream(), stream(), stream()];
  await using server = await scriptedServer(
    ...empty,
    stream(event("ADDED", "a", "2")),
    stream(event("ADDED", "b", "3")),
  );
  await using reflection = reflect(server.credentials, { clock: quickClock(0) });
  await eventually(() => reflection.faults).toHaveLength(5);
  expect(reflection.faults).toMatchObject([
    { code: "unavailable", pauseMs: 1_600 },
    { code: "unavailable", pauseMs: 2_800 },
    { code: "unavailable", pauseMs: 4_600 },
    { code: "unavailable", pauseMs: 1_600 },
    { code: "unavailable", pauseMs: 1_600 },
  ]);
});
