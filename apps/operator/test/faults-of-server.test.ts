import process from "node:process";
import { createAuthority } from "@metadata-mirror/control-plane";
import { afterAll, beforeAll, test } from "vitest";
import { runCase, type Stage } from "./faults/case.ts";
import { phases } from "./faults/rows.ts";
import { createOutcomes } from "./faults/table.ts";
import { killed, paused, restored, type ServerTrouble } from "./faults/server-trouble.ts";
import { useSandbox } from "./support.ts";

// what strikes the whole server, one after the other

const sandbox = useSandbox();
const troubles = {
  "API server killed": killed,
  "etcd paused": paused,
  "API server restored": restored,
} as const satisfies Readonly<Record<string, ServerTrouble>>;
const names = Object.keys(troubles) as (keyof typeof troubles)[];
const outcomes = createOutcomes(names, phases);
let stage: Stage;

beforeAll(async () => {
  const authority = await createAuthority("fault proxies");
  stage = { client: sandbox.client, login: sandbox.controlPlane, authority };
});

afterAll(() => void process.stdout.write(outcomes.print("ms")));

const cases = names.flatMap((name) => phases.map((phase) => [name, phase] as const));

test.each(cases)(
  "all ConfigMaps are right again in time, and no write was wrong, after %s in %s",
  async (name, phase) => {
    outcomes.note(name, phase, "FAILED");
    outcomes.note(name, phase, await runCase(stage, { phase, ...troubles[name](sandbox) }));
  },
);
