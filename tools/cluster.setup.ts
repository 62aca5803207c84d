import process from "node:process";
import type { TestProject } from "vitest/node";
import { programArgs } from "./program.ts";
import { runProgram, setUp } from "./set-up.ts";

const e2e = "../e2e/src/main.ts";

/** Before the e2e tests. In CI the cluster goes afterwards. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  await setUp(project, "the cluster of the e2e tests is", programArgs(e2e, "up"));
  if (process.env["CI"] === undefined) return undefined;
  return async () => void (await runProgram(programArgs(e2e, "down")));
}
