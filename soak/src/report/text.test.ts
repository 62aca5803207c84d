import { expect, test } from "vitest";
import type { Outcome } from "../outcome.ts";
import { progressLine } from "./progress.ts";
import { describeOutcome, reproduce } from "./text.ts";

const outcome: Outcome = {
  seed: 7,
  replicas: 2,
  shards: 3,
  slow: false,
  steps: 400,
  seconds: 61.2,
  changes: { "pod label": 200, "pod create": 180 },
  disturbances: { pause: 2 },
  quietPoints: 2,
  longestRecoveryMs: { disturbed: 16_240, calm: 310 },
  versions: 512,
  counters: { configmap_writes: 500 },
  mismatches: [],
  lastSteps: ["400  pod soak-0/pod-1: delete"],
};

test("the figures are a table", () => {
  expect(describeOutcome(outcome).split("\n")).toEqual([
    "seed                                   7",
    "replicas, Leases                       2, 3",
    "time                                   61 s",
    "steps                                  400",
    "changes                                380",
    "  pod create                           180",
    "  pod label                            200",
    "disturbances                           2",
    "  pause                                2",
    "quiet points                           2",
    "longest recovery, after changes alone  0.3 s",
    "longest recovery, after disturbances   16.2 s",
    "versions of ConfigMaps seen            512",
    "counted by the replicas                ",
    "  configmap_writes                     500",
    "mismatches                             0",
    "",
  ]);
});

test("what is wrong is told, the first of it, with the last steps", () => {
  const mismatches = Array.from({ length: 41 }, (_, index) => ({ object: "mirror a/b", what: `fault ${index}` }));
  const lines = describeOutcome({ ...outcome, mismatches }).split("\n");
  expect(lines).toContain("  mirror a/b: fault 39");
  expect(lines).not.toContain("  mirror a/b: fault 40");
  expect(lines).toContain("  … and 1 more");
  expect(lines.at(-2)).toBe("  400  pod soak-0/pod-1: delete");
});

test("the command that does the same again names all that decides what happens", () => {
  expect(reproduce(outcome, 20)).toBe("npx -y pnpm@12 soak --seed 7 --steps 400 --replicas 2 --shards 3 --rate 20");
  expect(reproduce({ ...outcome, slow: true }, 20)).toMatch(/ --slow$/);
});

test("progress is a line", () => {
  const line = progressLine({ round: 3, phase: "calm", steps: 412, quietPoints: 1 }, 34_400);
  expect(line).toBe("   34 s  round 3: changes, step 412, 1 quiet point passed");
});
