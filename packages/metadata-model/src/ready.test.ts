import { describe, expect, test } from "vitest";
import { brokenFindings, failingFindings, invalidSpecFindings, readyFindings, type WriteProblem } from "./ready.ts";

const problem = (reason: WriteProblem["reason"], configMap = "web-peers"): WriteProblem => ({
  reason,
  configMap,
  message: "says why",
});
const brief = (...problems: WriteProblem[]) =>
  readyFindings(problems, "prompt").map(({ type, status, reason }) => `${type}=${status} ${reason}`);

describe("a mirror is", () => {
  test("ready where all could be written", () => {
    expect(brief()).toEqual(["Ready=True InSync"]);
  });

  test("ready, though late, where the budget of bytes holds writes back", () => {
    expect(readyFindings([], "late")).toMatchObject([{ type: "Ready", status: "True", reason: "Throttled" }]);
  });

  test("not yet ready while the budget holds the first write back", () => {
    expect(readyFindings([], "held")).toMatchObject([{ type: "Ready", status: "Unknown", reason: "Progressing" }]);
  });

  test("not ready, but not stalled either, where writes fail for a while", () => {
    expect(failingFindings("[unavailable] away")).toMatchObject([
      { type: "Ready", status: "False", reason: "WriteFailed", message: expect.stringContaining("[unavailable] away") },
    ]);
  });

  test("not ready where an error of ours keeps it from being planned, and all else stands but that it was stalled", () => {
    const standing = (type: string) =>
      ({ type, status: "True", reason: "R", message: "m", lastTransitionTime: "" }) as const;
    const before = ["Ready", "Stalled", "Complete", "Fresh"].map(standing);
    const [ready, ...others] = brokenFindings(before, "TypeError");
    expect(ready).toMatchObject({ type: "Ready", status: "False", reason: "InternalError" });
    expect(ready?.message).toContain("(TypeError)");
    expect(others.map(({ type, status }) => `${type}=${status}`)).toEqual(["Complete=True", "Fresh=True"]);
  });

  test("not yet ready while an earlier ConfigMap goes", () => {
    expect(brief(problem("TargetLeaving"))).toEqual(["Ready=Unknown Progressing"]);
  });

  test.each(["TargetConflict", "QuotaExceeded", "NamespaceTerminating", "Forbidden"] as const)(
    "not ready after %s, which may pass",
    (reason) => {
      expect(brief(problem(reason))).toEqual([`Ready=False ${reason}`]);
    },
  );

  test.each(["TargetImmutable", "Rejected"] as const)("stalled after %s, which doesn't pass by itself", (reason) => {
    expect(brief(problem(reason))).toEqual([`Ready=False ${reason}`, `Stalled=True ${reason}`]);
  });
});

test("the gravest problem is told, with its ConfigMap, and the first of several as grave", () => {
  const problems = [problem("TargetLeaving", "a"), problem("TargetConflict", "b"), problem("QuotaExceeded", "c")];
  expect(readyFindings(problems, "late")).toMatchObject([
    { reason: "TargetConflict", message: "ConfigMap b: says why" },
  ]);
  expect(readyFindings([...problems, problem("Rejected", "d")], "prompt")[0]?.message).toBe("ConfigMap d: says why");
});

test("a spec that can't be read stalls the mirror, and says why", () => {
  const [ready, stalled] = invalidSpecFindings("items: too few");
  expect(ready).toMatchObject({ type: "Ready", status: "False", reason: "InvalidSpec" });
  expect(stalled).toMatchObject({ type: "Stalled", status: "True", reason: "InvalidSpec" });
  expect(ready?.message).toContain("items: too few");
});
