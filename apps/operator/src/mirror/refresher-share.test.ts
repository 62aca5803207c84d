import { configMaps } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { configMapObject, mirror } from "../testing/objects.ts";
import { type RefreshRig, refreshRig } from "../testing/refresh-rig.ts";

/** Two mirrors, `shop/a` and `shop/b`, and a pod that mounts the ConfigMaps of both: all settled. */
async function settled(): Promise<RefreshRig & { readonly change: (name: string, value: string) => Promise<void> }> {
  const rig = refreshRig();
  async function change(name: string, value: string): Promise<void> {
    const owner = mirror({ name });
    rig.put(configMaps, configMapObject({ name, label: name, owner, data: { value } }));
    await rig.watch();
  }
  for (const name of ["a", "b"]) {
    rig.putMirror({ name });
    await change(name, "1");
  }
  rig.putPod({ mounts: ["a", "b"] });
  await rig.watch();
  await rig.clock.advance(10_000);
  await rig.watch();
  expect(rig.revision()).toMatch(/\.2$/);
  rig.patches.splice(0);
  return { ...rig, change };
}

test("a pod is told of changes by the operator that keeps the first of the mirrors whose ConfigMaps it mounts, of those of the others too", async () => {
  const { change, clock, hand, patches } = await settled();
  hand("shop/b", false);
  await change("b", "2");
  expect(patches).toHaveLength(1);
  await clock.advance(10_000);
  patches.splice(0);
  hand("shop/a", false);
  hand("shop/b", true);
  await change("a", "2");
  await change("b", "3");
  await clock.advance(60_000);
  expect(patches).toEqual([]);
});

test("who comes to keep the mirror tells the pods of what has changed meanwhile, and of nothing where nothing has", async () => {
  const { change, clock, hand, patches, revision } = await settled();
  const before = revision();
  hand("shop/a", false);
  await clock.advance(10_000);
  hand("shop/a", true);
  await clock.advance(10_000);
  expect([patches, revision()]).toEqual([[], before]);

  hand("shop/a", false);
  await change("a", "2");
  await clock.advance(10_000);
  expect(patches).toEqual([]);
  hand("shop/a", true);
  await clock.advance(10_000);
  expect(patches.map(({ pod }) => pod)).toContain("web-0");
  expect(revision()).not.toBe(before);
});
