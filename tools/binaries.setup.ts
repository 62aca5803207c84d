import type { TestProject } from "vitest/node";
import { programArgs } from "./program.ts";
import { setUp } from "./set-up.ts";

/** Before the integration tests. */
export async function setup(project: TestProject): Promise<void> {
  await setUp(project, "the binaries of the integration tests are", programArgs("binaries.ts"));
}
