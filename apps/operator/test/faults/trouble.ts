import type { Fault, Where } from "@metadata-mirror/fault-proxy";
import type { Means, Ongoing, Trouble } from "./case.ts";
import { type ClockJump, type Column, type Phase, type Row, whereOf } from "./rows.ts";

/** What goes wrong in one cell of the matrix. */
export function troubleOf(row: Row, column: Column, phase: Phase): Trouble {
  const { fault, silenceMs, pageSize } = row;
  const isForbidden = fault.type === "refusal" && fault.code === 403;
  return {
    phase,
    silenceMs,
    pageSize,
    byName: fault.type === "unresolved",
    leases: column === "leases",
    extraMs: row.extraMs?.[column] ?? 0,
    // who may not read nodes leaves out what is of them
    withoutNodes: isForbidden && (column === "nodes" || column === "everything"),
    begin: (means) => (fault.type === "clock jump" ? jump(fault, means) : inject(fault, whereOf(column), means)),
  };
}

/** Faults that are noticed when the client gives up. */
const silent = new Set<Row["fault"]["type"]>(["stall", "half-open", "trickle"]);

async function inject(fault: Fault, where: Where, { proxy, faults }: Means): Promise<Ongoing> {
  const injection = await proxy.inject(fault, where);
  const before = faults();
  let struckAt: number | undefined;
  return {
    hasStruck() {
      if (fault.type === "refused") return faults() > before;
      if (injection.hits > 0) struckAt ??= faults();
      if (fault.type === "no bookmarks") return struckAt !== undefined && faults() > struckAt;
      return silent.has(fault.type) ? injection.givenUp > 0 : injection.hits > 0;
    },
    lift: () => injection.lift(),
  };
}

function jump({ ms }: ClockJump, { clock }: Means): Promise<Ongoing> {
  clock.offsetMs = ms;
  return Promise.resolve({
    hasStruck: () => true,
    lift() {
      clock.offsetMs = 0;
      return Promise.resolve();
    },
  });
}
