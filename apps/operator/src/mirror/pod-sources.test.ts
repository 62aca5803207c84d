import { fakeClock } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { entryOf } from "../testing/entries.ts";
import { mirror } from "../testing/objects.ts";
import { podServer } from "../testing/pod-server.ts";
import { createPodSources } from "./pod-sources.ts";
import { createStores } from "./stores.ts";

test("namespaces that come and go leave no more watches than as many are watched one by one, long before the next narrowing", async () => {
  const server = podServer();
  const clock = fakeClock(0);
  const stop = new AbortController();
  const stores = createStores(() => [{ mirror: (change) => sources.listener.mirror(change) }]);
  const ignore = () => undefined;
  const sources = createPodSources({
    client: server.client,
    clock,
    stores,
    namespaces: undefined,
    mostNamespaces: 3,
    isFollowed: () => true,
    observer: { onFault: ignore, onPoison: ignore, onPodSource: ignore, onPodSourceEnd: ignore },
    wake: ignore,
    signal: stop.signal,
  });
  sources.begin();
  const answer = async () => {
    for (const watch of server.watches()) watch.go();
    await clock.advance(0);
  };
  const stays = mirror({ namespace: "stays" });
  stores.mirrors.apply(entryOf(stays));
  const most: number[] = [];
  for (let round = 0; round < 20; round++) {
    const passes = mirror({ namespace: `passes-${round}` });
    stores.mirrors.apply(entryOf(passes));
    for (let times = 0; times < 3; times++) await answer();
    expect(sources.covers(passes as Parameters<typeof sources.covers>[0])).toBe(true);
    stores.mirrors.remove({ ...passes, resourceVersion: "3" });
    await answer();
    most.push(server.watches().length);
  }
  // one more, of the namespace that has come and gone since the others were ended
  expect(Math.max(...most)).toBe(4);
  expect(server.watches().map(({ scope }) => scope)).toContain("stays");
  stop.abort();
  await sources.ended;
});

test("a mirror whose needs can't be told keeps no other from its pods, and its own pass fails", async () => {
  const server = podServer();
  const clock = fakeClock(0);
  const stop = new AbortController();
  const stores = createStores(() => []);
  const ignore = () => undefined;
  const woken: string[] = [];
  const sources = createPodSources({
    client: server.client,
    clock,
    stores,
    namespaces: undefined,
    isFollowed: () => true,
    observer: { onFault: ignore, onPoison: ignore, onPodSource: ignore, onPodSourceEnd: ignore },
    wake: (key) => woken.push(key),
    signal: stop.signal,
  });
  const { spec, ...rest } = mirror({ namespace: "bad" });
  const throwing = {
    ...spec,
    get peers(): never {
      throw new TypeError("no");
    },
  };
  const bad = { ...rest, spec: throwing } as unknown as ReturnType<typeof mirror>;
  const good = mirror({ namespace: "good" });
  for (const one of [bad, good]) stores.mirrors.apply(entryOf(one));
  sources.begin();
  for (let times = 0; times < 3; times++) {
    for (const watch of server.watches()) watch.go();
    await clock.advance(0);
  }
  expect(server.watches().map(({ scope }) => scope)).toEqual(["good"]);
  expect(woken).toEqual(["good/web-peers"]);
  expect(() => sources.covers(bad as Parameters<typeof sources.covers>[0])).toThrow("no");
  stop.abort();
  await sources.ended;
});
