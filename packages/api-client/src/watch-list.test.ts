import { expect, test } from "vitest";
import { eventually } from "../test/eventually.ts";
import { quickClock, reflect, type ReflectionOptions } from "../test/reflection.ts";
import {
  cut,
  errorEvent,
  event,
  hang,
  initialEnd,
  page,
  refuse,
  type Reply,
  stream,
  streamingServer,
} from "../test/scripted-server.ts";

/** Plays the replies to a watch that may have the whole state as a stream. */
async function told(replies: readonly Reply[], expected: readonly string[], options: ReflectionOptions = {}) {
  await using server = await streamingServer(...replies);
  await using reflection = reflect(server.credentials, options);
  await eventually(() => server.requests.length).toBe(replies.length + 1);
  await eventually(() => reflection.told).toEqual(expected);
  return { requests: server.requests, faults: reflection.faults, relists: reflection.relists };
}

const whole = { watch: "true", allowWatchBookmarks: "true", timeoutSeconds: "450" };
const fromTheBeginning = { ...whole, sendInitialEvents: "true", resourceVersionMatch: "NotOlderThan" };

test("the whole state and what changes then come in one stream", async () => {
  const first = stream(
    event("ADDED", "a", "3"),
    event("ADDED", "b", "9"),
    initialEnd("10"),
    event("MODIFIED", "a", "11"),
  );
  const expected = ["init", "initApply a", "initApply b", "initDone 10", "apply a"];
  const { requests, faults } = await told([first], expected);
  expect(requests.map(({ query }) => query)).toEqual([fromTheBeginning, { ...whole, resourceVersion: "11" }]);
  expect(faults).toEqual([]);
});

test("selectors, namespace and metadataOnly are asked for, and no page", async () => {
  const selection = {
    namespace: "shop",
    labelSelector: "app=web",
    fieldSelector: "spec.nodeName!=",
    metadataOnly: true,
  };
  const { requests } = await told([stream(initialEnd("1"))], ["init", "initDone 1"], { ...selection, pageSize: 7 });
  const [first] = requests;
  const selectors = { labelSelector: "app=web", fieldSelector: "spec.nodeName!=" };
  expect(first).toMatchObject({ path: "/api/v1/namespaces/shop/pods", query: { ...fromTheBeginning, ...selectors } });
  expect(Object.keys(first?.query ?? {})).toHaveLength(7);
  expect(first?.headers.accept).toContain("as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
});

test("what changes before the state is whole comes as it is in the end", async () => {
  const lines = [
    event("ADDED", "a", "3"),
    event("ADDED", "b", "4"),
    event("ADDED", "c", "5"),
    event("MODIFIED", "a", "11"),
    event("DELETED", "b", "12"),
    event("DELETED", "c", "13"),
    event("ADDED", "c", "14"),
    initialEnd("14"),
  ];
  await told(
    [stream(...lines)],
    ["init", "initApply a", "initApply b", "initApply c", "initApply a", "initApply c", "initDone 14", "delete b"],
  );
});

const broken: readonly (readonly [string, string, Reply])[] = [
  ["ends before it is whole", "unavailable", stream(event("ADDED", "a", "3"))],
  ["is cut before it is whole", "unavailable", cut(event("ADDED", "a", "3"))],
  ["falls silent before it is whole", "timeout", hang(event("ADDED", "a", "3"))],
  ["never begins", "timeout", hang()],
  ["is garbled", "unavailable", hang("<html>\n")],
  ["brings an error", "gone", hang(errorEvent({ code: 410, reason: "Expired", message: "too old" }))],
  [
    "comes from a server that knows no end of it",
    "unavailable",
    hang(event("ADDED", "a", "3"), event("BOOKMARK", "", "9")),
  ],
];

test.each(broken)(
  "a state that %s is listed in pages, after a pause, and so is the next one",
  async (_, code, reply) => {
    const expired = hang(errorEvent({ code: 410, reason: "Expired", message: "too old" }));
    await using server = await streamingServer(reply, page(["b"], "20"), expired, page(["c"], "30"));
    await using reflection = reflect(server.credentials, { stallMs: 500 });
    const end = ["init", "initApply b", "initDone 20", "init", "initApply c", "initDone 30"];
    await eventually(() => reflection.told.slice(-6)).toEqual(end);
    expect(reflection.told.slice(0, -6)).toEqual(["init", "initApply a"].slice(0, reflection.told.length - 6));
    expect(reflection.faults.slice(0, 2)).toMatchObject([{ code, pauseMs: 1_600 }, { code: "gone" }]);
    expect(reflection.relists[0]).toBe("gone");
  },
);

test.each([
  ["as an old one does", refuse(422, { reason: "Invalid", message: "resourceVersionMatch is forbidden for watch" })],
  ["as a bad request", refuse(400)],
])("a server that refuses to stream the state (%s) is asked for pages at once", async (_, refused) => {
  const { faults, requests } = await told([refused, page(["a"], "10")], ["init", "initApply a", "initDone 10"]);
  expect(faults).toEqual([]);
  expect(requests.map(({ query }) => "sendInitialEvents" in query)).toEqual([true, false, false]);
});

test.each([
  ["busy", "too-many-requests", refuse(429)],
  ["unwilling", "forbidden", refuse(403)],
  ["not there", "unavailable", refuse(503)],
  ["without the resource", "not-found", refuse(404)],
])("a server that is %s is asked for the stream again", async (_, code, refused) => {
  const replies = [refused, stream(event("ADDED", "a", "3"), initialEnd("10"))];
  const { faults, requests } = await told(replies, ["init", "init", "initApply a", "initDone 10"]);
  expect(faults).toMatchObject([{ code, pauseMs: 1_600 }]);
  expect(requests[1]?.query).toEqual(fromTheBeginning);
});

test("pauses grow while the state never gets whole, whatever comes of it", async () => {
  const half = cut(event("ADDED", "a", "3"));
  const { faults } = await told(
    [half, refuse(500), refuse(500), page([], "9")],
    ["init", "initApply a", "init", "init", "init", "initDone 9"],
  );
  expect(faults.map(({ pauseMs }) => pauseMs)).toEqual([1_600, 2_800, 4_600]);
});

test("a stream that is silent after its state is resumed from there, by a new stream", async () => {
  const expected = ["init", "initApply a", "initDone 10", "delete a"];
  const replies = [hang(event("ADDED", "a", "3"), initialEnd("10")), stream(event("DELETED", "a", "12"))];
  const { requests, relists } = await told(replies, expected, { stallMs: 50 });
  expect(requests[1]?.query).toEqual({ ...whole, resourceVersion: "10" });
  expect(relists).toEqual([]);
});

test("aborted before the state is whole, it ends cleanly and leaves nothing open", async () => {
  await using server = await streamingServer(hang(event("ADDED", "a", "3")));
  await using reflection = reflect(server.credentials);
  await eventually(() => reflection.told).toEqual(["init", "initApply a"]);
  await reflection.stop();
  await eventually(server.open).toBe(0);
  expect(reflection.faults).toEqual([]);
});

test("a state is read no faster than the consumer takes it, however long that takes", async () => {
  const count = 1_500;
  let sent = 0;
  const flood: Reply = async (response) => {
    for (; sent < count; sent += 1) {
      const line = event("ADDED", `${sent}-${"x".repeat(20_000)}`, `${sent + 1}`);
      await new Promise((resolve) => response.write(line, resolve));
    }
    response.write(initialEnd("9999"));
  };
  await using server = await streamingServer(flood);
  const gate = Promise.withResolvers<void>();
  const consume = async (words: string) => (words.startsWith("initApply") ? gate.promise : undefined);
  // to a clock that goes on by itself the parts of an object would take for ever
  await using reflection = reflect(server.credentials, { stallMs: 500, consume, clock: quickClock(0) });
  await eventually(() => sent).toBeGreaterThan(0);
  // long after stallMs nothing has happened, but that the server can't get rid of more
  const before = sent;
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(sent - before).toBeLessThan(count);
  expect(sent).toBeLessThan(count);
  gate.resolve();
  await eventually(() => reflection.told.at(-1)).toBe("initDone 9999");
  expect(reflection.told).toHaveLength(count + 2);
  expect(reflection.faults).toEqual([]);
});

test("what is at hand already is told without being decoded again, and as another version it is decoded", async () => {
  const decoded: string[] = [];
  const replies = [
    stream(event("ADDED", "a", "3"), initialEnd("10"), event("MODIFIED", "a", "11"), event("DELETED", "a", "12")),
  ];
  const options: ReflectionOptions = {
    decode: ({ metadata }) => `${decoded.push(metadata.resourceVersion ?? "")} ${metadata.name}`,
    recall: ({ namespace, name, resourceVersion }) =>
      resourceVersion === "11" ? `${namespace}/${name} at hand` : undefined,
  };
  await told(replies, ["init", "initApply 1 a", "initDone 10", "apply shop/a at hand", "delete 2 a"], options);
  expect(decoded).toEqual(["3", "12"]);
});
