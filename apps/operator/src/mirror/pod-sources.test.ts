import { expect, test } from "vitest";
import { entryOf } from "../testing/entries.ts";
import { mirror } from "../testing/objects.ts";
import { podSourcesRig } from "../testing/pod-sources-rig.ts";

test("namespaces that come and go leave no more watches than as many are watched one by one, long before the next narrowing", async () => {
  const { server, stores, sources, answer, end } = podSourcesRig({ mostNamespaces: 3 });
  sources.begin();
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
  await end();
});

test("a mirror whose needs can't be told keeps no other from its pods, and its own pass fails", async () => {
  const woken: string[] = [];
  // its listener throws at it too
  const { server, stores, sources, answer, end } = podSourcesRig({
    wake: (key) => woken.push(key),
    onThrow: () => undefined,
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
  for (let times = 0; times < 3; times++) await answer();
  expect(server.watches().map(({ scope }) => scope)).toEqual(["good"]);
  expect(woken).toEqual(["good/web-peers"]);
  expect(() => sources.covers(bad as Parameters<typeof sources.covers>[0])).toThrow("no");
  await end();
});
