import process from "node:process";
import { createAuthority } from "@metadata-mirror/control-plane";
import { afterAll, beforeAll } from "vitest";
import { useSandbox } from "../support.ts";
import { runCase, type Stage, type Trouble } from "./case.ts";
import { createOutcomes } from "./table.ts";

/** A sandbox for the cases of one file, and a table of what came of them, which is printed in the end; `corner` is its first word. */
export function useCases<Row extends string, Column extends string>(
  rows: readonly Row[],
  columns: readonly Column[],
  corner: string,
) {
  const sandbox = useSandbox();
  const outcomes = createOutcomes(rows, columns);
  let stage: Stage;
  beforeAll(async () => {
    const authority = await createAuthority("fault proxies");
    stage = { client: sandbox.client, login: sandbox.controlPlane, authority };
  });
  afterAll(() => void process.stdout.write(outcomes.print(corner)));

  /** Runs one, and notes what came of it. */
  async function run(row: Row, column: Column, trouble: Trouble): Promise<void> {
    outcomes.note(row, column, "FAILED");
    outcomes.note(row, column, await runCase(stage, trouble));
  }

  return { sandbox, run };
}
