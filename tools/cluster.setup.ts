import process from "node:process";
import type { TestProject } from "vitest/node";
import { runProgram, setUp } from "./set-up.ts";

const e2e = "../e2e/src/main.ts";

/** Before the e2e tests. In CI the cluster goes afterwards. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  await setUp(project, "the cluster of the e2e tests is", { file: e2e, args: ["up"] });
  if (process.env["CI"] === undefined) return undefined;
  return async () => void (await runProgram({ file: e2e, args: ["down"] }));
}
