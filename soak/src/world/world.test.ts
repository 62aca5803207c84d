import { expect, test } from "vitest";
import { pod, worldOf } from "../testing/objects.ts";
import { after } from "./world.ts";

test("a change puts what is there afterwards in the place of what was there before, and leaves the world before as it was", () => {
  const before = worldOf({ pods: [pod()] });
  const changed = after(before, { subject: "pod", verb: "label", pod: pod({ labels: {} }) });
  expect([...changed.pods.values()]).toEqual([pod({ labels: {} })]);
  expect([...before.pods.values()]).toEqual([pod()]);
});

test("what is deleted is gone", () => {
  const world = after(worldOf({ pods: [pod()] }), { subject: "pod", verb: "delete", pod: pod() });
  expect(world.pods.size).toBe(0);
});

test("edits of what is put back, and the collection of garbage, change nothing", () => {
  const world = worldOf({ pods: [pod()] });
  const edit = { how: "delete it", mirror: "a/mirror-0", shard: 0 } as const;
  expect(after(world, { subject: "edit", verb: "delete it", edit })).toEqual(world);
  expect(after(world, { subject: "garbage", verb: "collect" })).toEqual(world);
});
