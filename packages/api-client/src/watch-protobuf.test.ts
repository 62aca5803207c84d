import fc from "fast-check";
import { expect, test } from "vitest";
import { eventually } from "../test/eventually.ts";

import { reflect, type ReflectionOptions } from "../test/reflection.ts";
import {
  event,
  inProtobuf,
  initialEnd,
  page,
  protobuf,
  refuse,
  type Reply,
  scriptedServer,
  stream,
  streamingServer,
} from "../test/scripted-server.ts";
import { ApiError } from "./api-error.ts";
import { connect } from "./client.ts";
import { message, one } from "./protobuf/message.ts";
import { bookmark, frame, int, part, podEvent, podList, status } from "./protobuf/writer.ts";
import { pods } from "./resource.ts";

const wire = message({
  1: [
    "metadata",
    one(message({ 1: ["name", "text"], 3: ["namespace", "text"], 5: ["uid", "text"], 6: ["resourceVersion", "text"] })),
  ],
});

async function told(replies: readonly Reply[], expected: readonly string[], options: ReflectionOptions = {}) {
  await using server = await streamingServer(...replies);
  await using reflection = reflect(server.credentials, { wire, ...options });
  await eventually(() => server.requests.length).toBe(replies.length + 1);
  await eventually(() => reflection.told).toEqual(expected);
  const accepts = server.requests.map(({ headers }) => headers.accept);
  return { requests: server.requests, accepts, faults: reflection.faults, relists: reflection.relists };
}

const binary = "application/vnd.kubernetes.protobuf,application/json";
const frames = [
  podEvent("ADDED", "wöb-🐳", "3"),
  podEvent("ADDED", "b", "4"),
  bookmark("10", true),
  podEvent("MODIFIED", "b", "11"),
  podEvent("DELETED", "b", "12"),
  bookmark("20"),
];
const inWords = ["init", "initApply wöb-🐳", "initApply b", "initDone 10", "apply b", "delete b"];

test("a watch in protobuf tells what one in JSON tells, and reads of an object what it is told to", async () => {
  const seen: unknown[] = [];
  const options: ReflectionOptions = {
    decode(object) {
      seen.push(object);
      return object.metadata.name ?? "";
    },
  };
  const { accepts, faults, requests } = await told([protobuf.stream(...frames)], inWords, options);
  expect(faults).toEqual([]);
  expect(accepts).toEqual([binary, binary]);
  expect(requests[1]?.query["resourceVersion"]).toBe("20");
  expect(seen.at(-1)).toEqual({ metadata: { name: "b", namespace: "shop", uid: "uid-b", resourceVersion: "12" } });
});

test("a watch in protobuf is the same however its bytes are cut", async () => {
  const bytes = Buffer.concat(frames);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 30 }), async (places) => {
      const ends = [...places, bytes.length].toSorted((a, b) => a - b);
      const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
      await using server = await streamingServer(protobuf.hang(...chunks.filter(({ length }) => length > 0)));
      await using reflection = reflect(server.credentials, { wire });
      await eventually(() => reflection.told).toEqual(inWords);
      expect(reflection.faults).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test("pages come in protobuf too", async () => {
  await using server = await scriptedServer(
    inProtobuf(200, podList(["a", "b"], "10", "next")),
    inProtobuf(200, podList(["c"], "10")),
    protobuf.hang(podEvent("ADDED", "d", "11")),
  );
  await using reflection = reflect(server.credentials, { wire });
  const expected = ["init", "initApply a", "initApply b", "initApply c", "initDone 10", "apply d"];
  await eventually(() => reflection.told).toEqual(expected);
  expect(server.requests.map(({ headers }) => headers.accept)).toEqual([binary, binary, binary]);
  expect(server.requests[1]?.query["continue"]).toBe("next");
});

test("what is answered in JSON is read as JSON: custom resources, old servers, proxies", async () => {
  const replies = [stream(event("ADDED", "a", "3"), initialEnd("10")), stream(event("DELETED", "a", "11"))];
  const { accepts, faults } = await told(replies, ["init", "initApply a", "initDone 10", "delete a"]);
  expect(faults).toEqual([]);
  expect(accepts).toEqual([binary, binary, binary]);

  await using server = await scriptedServer(page(["a"], "10"));
  await using paged = reflect(server.credentials, { wire });
  await eventually(() => paged.told).toEqual(["init", "initApply a", "initDone 10"]);
});

test("metadataOnly is asked for in either form", async () => {
  const { accepts } = await told([protobuf.stream(...frames)], inWords, { metadataOnly: true });
  const partial = ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
  const types = ["application/vnd.kubernetes.protobuf", "application/json"];
  expect(accepts[0]).toBe([...types.map((type) => type + partial), ...types].join(","));
});

const unreadable: readonly (readonly [string, Buffer])[] = [
  ["a frame that is no message", Buffer.from([0, 0, 0, 1, 0x0a])],
  ["an empty frame", Buffer.alloc(4)],
  ["an event without an object", Buffer.concat([Buffer.from([0, 0, 0, 7]), part(1, "ADDED")])],
  ["an object in JSON", frame("MODIFIED", Buffer.from('{"metadata":{"resourceVersion":"12"}}'))],
  [
    "an object that is no message",
    frame("MODIFIED", Buffer.concat([Buffer.from("k8s\0"), part(2, Buffer.from([0x0a]))])),
  ],
  ["an object of another schema", frame("MODIFIED", Buffer.concat([Buffer.from("k8s\0"), part(2, int(1, 7))]))],
];

test.each(unreadable)("%s is a fault, after which JSON is asked for, from where we were", async (_, garbled) => {
  const replies = [protobuf.hang(...frames.slice(0, 4), garbled), stream(event("DELETED", "b", "13"))];
  const { accepts, faults, requests, relists } = await told(replies, [...inWords.slice(0, 5), "delete b"]);
  expect(faults).toMatchObject([{ code: "unavailable", pauseMs: 1_600 }]);
  expect(accepts).toEqual([binary, "application/json", "application/json"]);
  expect(requests[1]?.query["resourceVersion"]).toBe("11");
  expect(relists).toEqual([]);
});

test("a state that can't be read in protobuf is asked for in JSON", async () => {
  const replies = [
    protobuf.hang(podEvent("ADDED", "a", "3"), Buffer.alloc(4)),
    stream(event("ADDED", "a", "3"), initialEnd("10")),
  ];
  const { accepts } = await told(replies, ["init", "initApply a", "init", "initApply a", "initDone 10"]);
  expect(accepts).toEqual([binary, "application/json", "application/json"]);
});

test("a page that can't be read in protobuf is asked for in JSON", async () => {
  await using server = await scriptedServer(inProtobuf(200, Buffer.from('k8s\0{"items":[]}')), page(["a"], "10"));
  await using reflection = reflect(server.credentials, { wire });
  await eventually(() => reflection.told).toEqual(["init", "init", "initApply a", "initDone 10"]);
  expect(reflection.faults).toMatchObject([{ code: "unknown" }]);
  expect(reflection.faults[0]?.message).toContain("list pods: the answer is no protobuf message that can be read");
  const accepts = () => server.requests.map(({ headers }) => headers.accept);
  await eventually(accepts).toEqual([binary, "application/json", "application/json"]);
});

test.each([
  ["cut in a frame", protobuf.cut(...frames.slice(0, 4), podEvent("MODIFIED", "b", "12").subarray(0, 30))],
  ["that ends in a frame", protobuf.stream(...frames.slice(0, 4), podEvent("MODIFIED", "b", "12").subarray(0, 30))],
])("a stream %s is no reason to do without protobuf", async (_, broken) => {
  const { accepts, faults, requests } = await told([broken], inWords.slice(0, 5));
  expect(faults).toMatchObject([{ code: "unavailable" }]);
  expect(accepts).toEqual([binary, binary]);
  expect(requests[1]?.query["resourceVersion"]).toBe("11");
});

const cause = [part(1, "ResourceVersionTooLarge"), part(2, "Too large resource version"), part(3, "resourceVersion")];
const tooLarge = status(504, "Timeout", "Too large resource version: 100, current: 3", part(4, ...cause), int(5, 17));
const tooLargeInJson = {
  kind: "Status",
  code: 504,
  reason: "Timeout",
  message: "Too large resource version: 100, current: 3",
  details: {
    causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version", field: "resourceVersion" }],
    retryAfterSeconds: 17,
  },
};

test("an error event is the error that it is in JSON", async () => {
  const { faults, relists } = await told(
    [protobuf.hang(...frames, frame("ERROR", tooLarge)), protobuf.hang(bookmark("3", true), frame("ERROR", tooLarge))],
    [...inWords, "init", "initDone 3", "init"],
  );
  const { code, message: words } = ApiError.from(tooLargeInJson, { action: "watch pods" });
  expect(faults).toMatchObject([
    { code, message: words, pauseMs: 17_400 },
    { code, message: words },
  ]);
  expect(relists).toEqual(["timeout", "timeout"]);
});

test("a refusal in protobuf is the error that it is in JSON, and one that can't be read is still one", async () => {
  const refusals = [inProtobuf(504, tooLarge), refuse(504, tooLargeInJson), inProtobuf(503, Buffer.from("k8s\0{"))];
  await using server = await streamingServer(...refusals);
  await using client = connect(server.credentials);
  const errors: ApiError[] = [];
  for (const _ of refusals) await client.request({ path: "/x" }).catch((error: ApiError) => errors.push(error));
  const [binaryError, jsonError, other] = errors.map(
    ({ code, message: words, status: http, reason, causes, retryAfterMs }) => {
      return { code, message: words, status: http, reason, causes, retryAfterMs };
    },
  );
  expect(binaryError).toEqual(jsonError);
  expect(jsonError).toMatchObject({ code: "timeout", retryAfterMs: 17_000, causes: tooLargeInJson.details.causes });
  expect(other).toMatchObject({ code: "unavailable", status: 503 });
});

test("a server that refuses in protobuf to stream the state is asked for pages", async () => {
  const refused = inProtobuf(422, status(422, "Invalid", "sendInitialEvents is forbidden for watch"));
  const { faults } = await told(
    [refused, inProtobuf(200, podList(["a"], "10"))],
    ["init", "initApply a", "initDone 10"],
  );
  expect(faults).toEqual([]);
});

test("an object that can't be decoded is reported as far as it was read, and passed over", async () => {
  const poisoned: unknown[] = [];
  const options: ReflectionOptions = {
    decode({ metadata: { name = "" } }) {
      if (name === "b") throw new Error("no");
      return name;
    },
    onPoison: (_, { metadata }) => poisoned.push(metadata),
  };
  await told([protobuf.stream(...frames)], ["init", "initApply wöb-🐳", "initDone 10"], options);
  expect(poisoned).toHaveLength(3);
  expect(poisoned[0]).toEqual({ name: "b", namespace: "shop", uid: "uid-b", resourceVersion: "4" });
});

test("a list reads of each object what it is told to", async () => {
  await using server = await scriptedServer(inProtobuf(200, podList(["a"], "10")), page(["b"], "10"));
  await using client = connect(server.credentials);
  const listed: unknown[] = [];
  for (let count = 0; count < 2; count += 1) {
    for await (const { items } of client.list(pods, { wire })) listed.push(...items);
  }
  expect(listed).toEqual([
    { metadata: { name: "a", namespace: "shop", uid: "uid-a", resourceVersion: "10" } },
    { metadata: { name: "b", namespace: "shop", resourceVersion: "10" } },
  ]);
});
