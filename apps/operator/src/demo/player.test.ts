import { type ApiClient, ApiError, fakeClock } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import type { ConfigMap } from "./expectation.ts";
import { perform, playStep } from "./player.ts";
import type { Step } from "./scenario.ts";

const owner = {
  apiVersion: "metadatamirror.dev/v1alpha1",
  kind: "MetadataMirror",
  name: "web-peers",
  controller: true,
};
const document = '{"apiVersion":"metadatamirror.dev/v1alpha1","kind":"PeerList","peers":[\n]}\n';
const configMap = (data: ConfigMap["data"], uid = "u-1"): ConfigMap => ({ data, owners: [{ ...owner, uid }] });
const right = configMap({ "peers.json": document });
const wrong = configMap({ "peers.json": "edited" });

/** A stage on which only the ConfigMap `web-peers` is, as `show` says; its mirror has the uid u-1. */
function bareStage(first: ConfigMap) {
  const listeners = new Set<() => void>();
  const stop = new AbortController();
  let current = new Map([["web-peers", first]]);
  const onChange = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const show = (next: ConfigMap) => {
    current = new Map([["web-peers", next]]);
    for (const listener of listeners) listener();
  };
  const client = { get: () => Promise.resolve({ metadata: { uid: "u-1" } }) } as unknown as ApiClient;
  const stage = { client, configMaps: { current: () => current, onChange }, signal: stop.signal };
  return { stage, stop, listeners, show };
}

const step = (write: Step["write"] = () => Promise.resolve()): Step => ({
  title: "something changes",
  write,
  expected: { peers: [], configMaps: 1 },
});

test("a step takes from its write to the event that makes the ConfigMap right", async () => {
  const clock = fakeClock();
  const { stage, show, listeners } = bareStage(wrong);
  const outcome = playStep(step(), stage, { clock, deadlineMs: 1000 });
  await clock.advance(5);
  show(configMap({ "peers.json": document, extra: "" }));
  await clock.advance(7);
  show(right);
  await clock.advance(100);
  expect(await outcome).toEqual({ ms: 12, faults: [] });
  expect(listeners.size).toBe(0);
});

test("a ConfigMap that is right from the beginning has to be disturbed first", async () => {
  const clock = fakeClock();
  const { stage, show } = bareStage(right);
  const outcome = playStep(step(), stage, { clock, deadlineMs: 1000 });
  show(right);
  await clock.advance(3);
  show(wrong);
  await clock.advance(4);
  show(right);
  expect(await outcome).toEqual({ ms: 7, faults: [] });
});

test("after the deadline it is told what was expected and what is there", async () => {
  const clock = fakeClock();
  const { stage, listeners } = bareStage(wrong);
  const outcome = playStep(step(), stage, { clock, deadlineMs: 1000 });
  await clock.advance(1000);
  expect(await outcome).toEqual({
    ms: 1000,
    faults: [
      "not right within 1000 ms:",
      `web-peers peers.json: expected ${JSON.stringify(document)}, there is "edited"`,
    ],
  });
  expect(listeners.size).toBe(0);
});

test("a step after which nothing changes is wrong", async () => {
  const clock = fakeClock();
  const { stage } = bareStage(right);
  const outcome = playStep(step(), stage, { clock, deadlineMs: 1000 });
  await clock.advance(1000);
  expect((await outcome)?.faults.at(-1)).toBe("the ConfigMaps are as they were, no change was seen");
});

test("a write that the API server refuses is a fault", async () => {
  const clock = fakeClock();
  const { stage } = bareStage(wrong);
  const refused = step(() => Promise.reject(new ApiError("forbidden", "create pods: no")));
  const outcome = await playStep(refused, stage, { clock, deadlineMs: 1000 });
  expect(outcome?.faults).toEqual([expect.stringContaining("create pods: no")]);
});

test("a ConfigMap of another owner is a fault", async () => {
  const clock = fakeClock();
  const { stage, show } = bareStage(wrong);
  const outcome = playStep(step(), stage, { clock, deadlineMs: 1000 });
  show(configMap(right.data, "u-0"));
  expect((await outcome)?.faults).toEqual([expect.stringContaining("expected the mirror (uid u-1) as its one owner")]);
});

test("when the stage comes to its end, the step has no outcome and the performance is over", async () => {
  const clock = fakeClock();
  const { stage, stop } = bareStage(wrong);
  function* play() {
    for (;;) yield step();
  }
  const progress = perform(play(), stage, { clock, deadlineMs: 1000, paceMs: 0 });
  expect((await progress.next()).value).toMatchObject({ type: "begun", number: 1 });
  const next = progress.next();
  stop.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});
