import process from "node:process";
import { createAuthority } from "@metadata-mirror/control-plane";
import { afterAll, beforeAll, describe, test, vi } from "vitest";
import { useSandbox } from "../support.ts";
import { runCase, type Stage } from "./case.ts";
import { columns, type Phase, rows } from "./rows.ts";
import { createOutcomes } from "./table.ts";
import { troubleOf } from "./trouble.ts";

/** Makes a test of each fault and whose requests it is for, all in `phase`, and prints in the end what came of them. */
export function testFaults(phase: Phase): void {
  vi.setConfig({ maxConcurrency: 8, testTimeout: 180_000 });
  const sandbox = useSandbox();
  const outcomes = createOutcomes(
    rows.map(({ name }) => name),
    columns,
  );
  let stage: Stage;

  beforeAll(async () => {
    const authority = await createAuthority("fault proxies");
    stage = { client: sandbox.client, login: sandbox.controlPlane, authority };
  });

  afterAll(() => void process.stdout.write(outcomes.print(`${phase}, ms`)));

  const cases = rows.flatMap((row) => row.columns[phase].map((column) => [row.name, column, row] as const));

  describe.concurrent(`in ${phase} all ConfigMaps are right again in time, and no write was wrong, after`, () => {
    test.each(cases)("%s of %s", async (name, column, row) => {
      outcomes.note(name, column, "FAILED");
      outcomes.note(name, column, await runCase(stage, troubleOf(row, column, phase)));
    });
  });
}
