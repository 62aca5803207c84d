import process from "node:process";
import { execa } from "execa";
import type { TestProject } from "vitest/node";

/**
 * Runs a program, as `programArgs` has it, before the tests of `project`, as a process: vitest's own set-up does not resolve the packages
 * of the workspace to their sources. It shows its progress on standard error.
 *
 * @throws where it fails, after the reporters were told: vitest names to them no failure of a set-up.
 */
export async function setUp(project: TestProject, what: string, program: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runProgram(program);
  if (exitCode === 0) return;
  const why = stderr?.trimEnd().split("\n").slice(-3).join("; ");
  const error = new Error(`${what} not to be had: ${why || "see above"}`);
  project.vitest.state.catchError(error, "Set-up");
  throw error;
}

/** Answers what it wrote to standard error too, unless that is a terminal: it shows a spinner there. */
export function runProgram(program: readonly string[]) {
  return execa(process.execPath, program, {
    stdin: "ignore",
    stdout: "ignore",
    stderr: process.stderr.isTTY ? "inherit" : ["inherit", "pipe"],
    reject: false,
  });
}
