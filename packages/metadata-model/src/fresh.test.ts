import { expect, test } from "vitest";
import type { Condition } from "./condition.ts";
import { freshFinding, type Staleness, unplannedFindings } from "./fresh.ts";

const stale: Staleness = {
  resource: "pods",
  namespace: "shop",
  lastContact: "2026-11-30T01:00:00Z",
  fault: "[timeout] watch pods shop: the server did not answer in time",
};

test("a mirror whose watches follow is up to date, and that is all that there is to say", () => {
  expect(freshFinding(undefined)).toMatchObject({ type: "Fresh", status: "True", reason: "UpToDate" });
});

test("a stale one tells which watch of which namespace, since when, why, and what to do", () => {
  const { message, ...rest } = freshFinding(stale);
  expect(rest).toEqual({ type: "Fresh", status: "False", reason: "Stale" });
  expect(message).toBe(
    "the watch of pods in namespace shop has told nothing since 2026-11-30T01:00:00Z, so the ConfigMaps may be out of date: [timeout] watch pods shop: the server did not answer in time. It is tried again all the time: see that the operator may list and watch pods in namespace shop, and that nothing holds its connections to the API server up",
  );
});

test("a watch of all namespaces names none, and one that never told anything says so", () => {
  const { message } = freshFinding({ ...stale, namespace: "", lastContact: undefined });
  expect(message).toMatch(/^the watch of pods never told anything, .* may list and watch pods, and/);
});

test("of a mirror that can't be planned what was found last stands, and of a new one it is told what it waits for", () => {
  const before: Condition[] = [
    { type: "Fresh", status: "True", reason: "UpToDate", message: "", lastTransitionTime: "2026-11-30T00:00:00Z" },
    { type: "Ready", status: "True", reason: "InSync", message: "as is", lastTransitionTime: "2026-11-30T00:00:00Z" },
    { type: "Theirs", status: "True", reason: "Theirs", message: "", lastTransitionTime: "2026-11-30T00:00:00Z" },
  ];
  const ready = { type: "Ready", status: "True", reason: "InSync", message: "as is" };
  expect(unplannedFindings(before, stale)).toEqual([ready, freshFinding(stale)]);
  expect(unplannedFindings([], stale)).toEqual([
    expect.objectContaining({ type: "Ready", status: "Unknown", reason: "Progressing" }),
    freshFinding(stale),
  ]);
});
