import { expect, test } from "vitest";
import { tellingAttempt } from "./attempt.ts";

test("a failure is told once until it is another one, or all was well between", async () => {
  const told: string[] = [];
  const attempt = tellingAttempt(({ message }) => told.push(message));
  const results: unknown[] = [];
  for (const step of ["no", "no", "worse", "no", 1, "no"]) {
    results.push(
      await attempt(() => {
        if (typeof step === "string") throw new Error(step);
        return step;
      }),
    );
  }
  expect(told).toEqual(["no", "worse", "no", "no"]);
  expect(results).toEqual([undefined, undefined, undefined, undefined, 1, undefined]);
});
