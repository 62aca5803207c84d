import { describe, test, vi } from "vitest";
import { useCases } from "./cases.ts";
import { columns, type Phase, rows } from "./rows.ts";
import { troubleOf } from "./trouble.ts";

/** Makes a test of each fault and whose requests it is for, all in `phase`, and prints in the end what came of them. */
export function testFaults(phase: Phase): void {
  vi.setConfig({ maxConcurrency: 8, testTimeout: 180_000 });
  const names = rows.map(({ name }) => name);
  const { run } = useCases(names, columns, `${phase}, ms`);
  const cases = rows.flatMap((row) => row.columns[phase].map((column) => [row.name, column, row] as const));

  describe.concurrent(`in ${phase} all ConfigMaps are right again in time, and no write was wrong, after`, () => {
    test.each(cases)("%s of %s", (name, column, row) => run(name, column, troubleOf(row, column, phase)));
  });
}
