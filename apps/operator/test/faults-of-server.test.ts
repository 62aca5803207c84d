import { test } from "vitest";
import { useCases } from "./faults/cases.ts";
import { phases } from "./faults/rows.ts";
import { killed, paused, restored, type ServerTrouble } from "./faults/server-trouble.ts";

// what strikes the whole server, one after the other

const troubles = {
  "API server killed": killed,
  "etcd paused": paused,
  "API server restored": restored,
} as const satisfies Readonly<Record<string, ServerTrouble>>;
const names = Object.keys(troubles) as (keyof typeof troubles)[];
const { sandbox, run } = useCases(names, phases, "ms");

const cases = names.flatMap((name) => phases.map((phase) => [name, phase] as const));

test.each(cases)("all ConfigMaps are right again in time, and no write was wrong, after %s in %s", (name, phase) =>
  run(name, phase, { phase, ...troubles[name](sandbox) }),
);
