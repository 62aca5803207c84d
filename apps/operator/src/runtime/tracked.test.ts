import { type ApiClient, ApiError, fakeClock, nodes, pods, type WatchOptions } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { fakeApi } from "../testing/fake-api.ts";
import { createFreshness } from "./freshness.ts";
import { tracked } from "./tracked.ts";

/** A tracked client, and the options that its last watch was asked for with. */
function start() {
  const asked: Pick<WatchOptions<unknown>, "onContact" | "onFault" | "onRelist">[] = [];
  const watch: ApiClient["watch"] = (_, options) => {
    asked.push(options);
    return { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }) };
  };
  const freshness = createFreshness({ clock: fakeClock(), onTurn: () => undefined });
  const relists: string[] = [];
  const client = tracked({ ...fakeApi().client, watch }, freshness, ({ plural }, { code }) =>
    relists.push(`${plural} ${code}`),
  );
  return { client, freshness, relists, last: () => asked.at(-1) ?? expect.fail("nothing was watched") };
}

const decode = () => undefined;

test("a watch is known from its beginning to the abort of its signal", () => {
  const { client, freshness } = start();
  const stop = new AbortController();
  client.watch(pods, { namespace: "shop", decode, signal: stop.signal });
  client.watch(nodes, { decode, signal: new AbortController().signal });
  client.watch(nodes, { decode, signal: AbortSignal.abort() });
  const known = () => freshness.streams().map(({ resource, scope }) => `${resource} ${scope}`);
  expect(known()).toEqual(["pods shop", "nodes "]);
  stop.abort();
  expect(known()).toEqual(["nodes "]);
});

test("what a watch tells is told here and to who asked for it", () => {
  const { client, freshness, relists, last } = start();
  const told: string[] = [];
  client.watch(pods, {
    decode,
    signal: new AbortController().signal,
    onContact: (kind, boundMs) => told.push(`${kind} ${boundMs}`),
    onFault: ({ code }, retryInMs) => told.push(`${code} ${retryInMs}`),
    onRelist: ({ code }) => told.push(code),
  });
  const gone = new ApiError("gone", "too old", { status: 410 });
  last().onContact?.("event", 60_000);
  expect(freshness.streams()).toMatchObject([{ lastContact: 0, boundMs: 60_000, isOpen: true }]);
  last().onRelist?.(gone);
  last().onFault?.(gone, 800);
  expect(freshness.streams()).toMatchObject([{ isOpen: false }]);
  expect([told, relists]).toEqual([["event 60000", "gone", "gone 800"], ["pods gone"]]);
});
