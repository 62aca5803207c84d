import { expect, test } from "vitest";
import { eventually } from "../test/eventually.ts";
import { quickClock, reflect } from "../test/reflection.ts";
import {
  errorEvent,
  event,
  hang,
  initialEnd,
  page,
  refuse,
  scriptedServer,
  stream,
  streamingServer,
} from "../test/scripted-server.ts";
import { told } from "../test/told.ts";

test("the pages of a list come as one state, then the changes", async () => {
  const replies = [
    page(["a", "b"], "10", "next"),
    page(["c"], "10"),
    stream(event("ADDED", "d", "11"), event("MODIFIED", "a", "12"), event("DELETED", "b", "13")),
  ];
  const { requests, faults } = await told(replies, [
    "init",
    "initApply a",
    "initApply b",
    "initApply c",
    "initDone 10",
    "apply d",
    "apply a",
    "delete b",
  ]);
  expect(requests.map(({ query }) => query)).toEqual([
    { limit: "500" },
    { limit: "500", continue: "next" },
    { watch: "true", allowWatchBookmarks: "true", resourceVersion: "10", timeoutSeconds: "450" },
    { watch: "true", allowWatchBookmarks: "true", resourceVersion: "13", timeoutSeconds: "450" },
  ]);
  expect(faults).toEqual([]);
});

test("selectors, namespace, page size and metadataOnly are asked for in list and watch alike", async () => {
  await using server = await scriptedServer(page([], "1"));
  const selection = {
    namespace: "shop",
    labelSelector: "app=web",
    fieldSelector: "spec.nodeName!=",
    metadataOnly: true,
  };
  await using _ = reflect(server.credentials, { ...selection, pageSize: 7 });
  await eventually(() => server.requests.length).toBe(2);
  const [list, watch] = server.requests;
  const selectors = { labelSelector: "app=web", fieldSelector: "spec.nodeName!=" };
  expect(list).toMatchObject({ path: "/api/v1/namespaces/shop/pods", query: { ...selectors, limit: "7" } });
  expect(watch).toMatchObject({ path: "/api/v1/namespaces/shop/pods", query: { ...selectors, watch: "true" } });
  expect(list?.headers.accept).toContain("as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
  expect(watch?.headers.accept).toContain("as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
});

test("a bookmark moves the point to resume from, and tells nothing", async () => {
  const { requests } = await told([page([], "1"), stream(event("BOOKMARK", "", "99"))], ["init", "initDone 1"]);
  expect(requests.at(-1)?.query["resourceVersion"]).toBe("99");
});

test.each([
  ["as HTTP status", refuse(410, { reason: "Expired" })],
  ["as an event", hang(errorEvent({ code: 410, reason: "Expired", message: "too old resource version: 1 (9)" }))],
  ["as an event without a code", hang(errorEvent({ reason: "Gone" }))],
  ["in words alone", hang(errorEvent({ code: 500, message: "too old resource version: 1 (9)" }))],
])("an expired resume point (%s) leads to a new list, which lacks what was deleted meanwhile", async (_, expired) => {
  const replies = [page(["a", "b"], "1"), expired, page(["b"], "9")];
  const state = ["init", "initApply a", "initApply b", "initDone 1"];
  const { faults, relists } = await told(replies, [...state, "init", "initApply b", "initDone 9"]);
  expect(faults).toMatchObject([{ code: "gone" }]);
  expect(relists).toEqual(["gone"]);
});

test("a server that lost its data and is behind us leads to a new list", async () => {
  const behind = { code: 504, reason: "Timeout", details: { causes: [{ reason: "ResourceVersionTooLarge" }] } };
  const replies = [page([], "100"), hang(errorEvent(behind)), page(["a"], "3")];
  const { relists } = await told(replies, ["init", "initDone 100", "init", "initApply a", "initDone 3"]);
  expect(relists).toEqual(["timeout"]);
});

test("a list that expires between its pages begins again with a new init", async () => {
  const expired = refuse(410, { reason: "Expired", message: "The provided continue parameter is too old" });
  const replies = [page(["a"], "1", "next"), expired, page(["b"], "9")];
  const { faults } = await told(replies, ["init", "initApply a", "init", "initApply b", "initDone 9"]);
  expect(faults).toMatchObject([{ code: "gone" }]);
});

test("events are told whole however the bytes are cut", async () => {
  const text = [event("ADDED", "wöb-🐳", "2"), event("ADDED", "b", "3"), event("ADDED", "c", "4")].join("\r");
  const bytes = Buffer.from(text);
  const single = Array.from(bytes, (byte) => Buffer.of(byte));
  const expected = ["init", "initDone 1", "apply wöb-🐳", "apply b", "apply c"];
  expect((await told([page([], "1"), stream(bytes)], expected)).faults).toEqual([]);
  expect((await told([page([], "1"), stream(...single)], expected)).faults).toEqual([]);
});

test("an object that can't be decoded is reported and passed over", async () => {
  const poisoned: string[] = [];
  await using server = await scriptedServer(
    page(["a", "bad"], "1"),
    hang(event("MODIFIED", "bad", "2"), event("DELETED", "bad", "3"), event("ADDED", "c", "4")),
  );
  await using reflection = reflect(server.credentials, {
    decode({ metadata: { name = "" } }) {
      if (name === "bad") throw new Error("no");
      return name;
    },
    onPoison: (error, { metadata }) => poisoned.push(`${String(error)}: ${metadata.name}`),
  });
  await eventually(() => reflection.told).toEqual(["init", "initApply a", "initDone 1", "apply c"]);
  expect(poisoned).toEqual(["Error: no: bad", "Error: no: bad", "Error: no: bad"]);
  expect(reflection.faults).toEqual([]);
});

test("each page, opened stream, event and bookmark is a contact, and tells until when the next is waited for", async () => {
  await using server = await scriptedServer(
    page(["a"], "1", "next"),
    page(["b"], "1"),
    hang(event("ADDED", "c", "2"), event("BOOKMARK", "", "3")),
  );
  await using reflection = reflect(server.credentials, { stallMs: 120_000 });
  const each = ["part", "part", "page", "reply", "event", "bookmark"];
  await eventually(() => reflection.contacts).toEqual(each.map((kind) => `${kind} 120000`));
});

test("a streamed state proves nothing but that the server is there, up to the bookmark at its end", async () => {
  const state = [event("ADDED", "a", "1"), event("ADDED", "b", "2"), initialEnd("9")];
  await using server = await streamingServer(hang(...state, event("DELETED", "a", "10")));
  await using reflection = reflect(server.credentials);
  await eventually(() => reflection.contacts).toEqual(["part", "part", "part", "bookmark", "event"]);
});

test("how long a stream may bring nothing follows the bookmarks that came, from the next stream on", async () => {
  const bookmarks = Array.from({ length: 10 }, (_, index) => event("BOOKMARK", "", String(index + 2)));
  await using server = await scriptedServer(page([], "1"), stream(...bookmarks), hang());
  let now = 0;
  const clock = { ...quickClock(0), monotonic: () => (now += 10_000) };
  await using reflection = reflect(server.credentials, { clock, stallMs: undefined });
  await eventually(() => server.requests.length).toBe(3);
  await eventually(() => reflection.contacts.length).toBe(14);
  expect(new Set(reflection.contacts.slice(0, -1))).toEqual(
    new Set(["part", "page", "reply", "bookmark"].map((kind) => `${kind} 150000`)),
  );
  expect(reflection.contacts.at(-1)).toMatch(/^reply [3-9]\d{4}$/);
});
