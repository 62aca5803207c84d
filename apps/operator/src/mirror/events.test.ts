import { type ApiError, events, fakeClock } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { fakeApi } from "../testing/fake-api.ts";
import { mirror } from "../testing/objects.ts";
import { createAnnounce, createEventRecorder } from "./events.ts";

function start() {
  const api = fakeApi();
  const faults: ApiError[] = [];
  let created = 0;
  const clock = fakeClock(Date.parse("2026-11-23T18:00:00.250Z"));
  const record = createEventRecorder({
    client: api.client,
    clock,
    instance: "operator-7",
    onCreated: () => created++,
    onFault: (fault) => faults.push(fault),
  });
  return { ...api, record, announce: createAnnounce(record), faults, created: () => created };
}

const turn = {
  type: "Ready",
  status: "False",
  reason: "TargetConflict",
  message: "it is somebody's",
  warning: true,
} as const;

test("a condition that turned is an Event on the mirror, in its namespace, as events.k8s.io/v1 wants it", async () => {
  const { announce, all } = start();
  await announce(mirror({ uid: "u-1" }), turn);
  const [{ metadata, ...event } = { metadata: {} }, ...others] = all(events);
  expect(others).toEqual([]);
  expect(metadata).toMatchObject({ namespace: "shop", name: expect.stringMatching(/^web-peers\.[0-9a-f-]{36}$/) });
  expect(event).toEqual({
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    eventTime: "2026-11-23T18:00:00.250000Z",
    reportingController: "metadatamirror.dev/operator",
    reportingInstance: "operator-7",
    action: "Reconcile",
    reason: "TargetConflict",
    type: "Warning",
    note: "Ready: it is somebody's",
    regarding: {
      apiVersion: "metadatamirror.dev/v1alpha1",
      kind: "MetadataMirror",
      namespace: "shop",
      name: "web-peers",
      uid: "u-1",
    },
  });
});

test("one that is well again is a normal Event", async () => {
  const { announce, all } = start();
  await announce(mirror(), { ...turn, status: "True", reason: "InSync", warning: false });
  expect(all(events)).toMatchObject([{ type: "Normal", reason: "InSync" }]);
});

test("two of the same moment are two Events", async () => {
  const { announce, all, created } = start();
  await Promise.all([announce(mirror(), turn), announce(mirror(), turn)]);
  expect(all(events)).toHaveLength(2);
  expect(created()).toBe(2);
});

test("a long message is cut to the 1,024 bytes that a note may hold", async () => {
  const { announce, all } = start();
  await announce(mirror(), { ...turn, message: "ä".repeat(5_000) });
  const note = String(all(events)[0]?.["note"]);
  expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1_024);
  expect(note).toMatch(/^Ready: ä+…$/);
});

test("an Event that can't be written is told of, and is no error", async () => {
  const { announce, record, faults, client } = start();
  client.create = () => Promise.reject(new Error("no rights"));
  await announce(mirror(), turn);
  expect(faults.splice(0)).toHaveLength(1);
  const regarding = { apiVersion: "v1", kind: "Pod", namespace: "shop", name: "web-0", uid: "u-1" };
  expect(await record({ regarding, reason: "R", action: "A", warning: true, note: "" })).toBe(false);
  expect(faults.map(({ code, message }) => [code, message])).toEqual([["unknown", "[unknown] no rights"]]);
});

test("of two Events of one name the first stays, and the second is no fault", async () => {
  const { record, faults, all, created } = start();
  const regarding = { apiVersion: "v1", kind: "Pod", namespace: "shop", name: "web-0", uid: "u-1" };
  for (const note of ["first", "second"]) {
    const event = { name: "web-0.abc", regarding, reason: "NeverRefreshed", action: "Refresh", warning: true, note };
    expect(await record(event)).toBe(true);
  }
  expect(all(events)).toMatchObject([{ metadata: { name: "web-0.abc" }, note: "first", regarding }]);
  expect([faults, created()]).toEqual([[], 1]);
});
