import { expect, test } from "vitest";
import { consumer } from "../testing/objects.ts";
import { createFixedUses } from "./fixed-uses.ts";

const reading = consumer({
  spec: { containers: [{ envFrom: [{ configMapRef: { name: "a" } }, { configMapRef: { name: "b" } }] }] },
});

test("a use is told until its Event is there, and then no more", async () => {
  let missing = "ConfigMap b";
  const notes: string[] = [];
  const uses = createFixedUses(({ note }) => {
    notes.push(note.slice(0, 11));
    return Promise.resolve(!note.startsWith(missing));
  });
  const tell = () => uses.tell(reading, () => true);
  expect([await tell(), await tell()]).toEqual([2, 1]);
  missing = "none";
  expect([await tell(), await tell()]).toEqual([1, 0]);
  expect(notes).toEqual(["ConfigMap a", "ConfigMap b", "ConfigMap b", "ConfigMap b"]);
});
