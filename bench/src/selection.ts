import type { Contestant } from "./contestants/contestant.ts";
import { contestants } from "./contestants/contestants.ts";
import type { Workload } from "./workloads/workload.ts";
import { workloads } from "./workloads/workloads.ts";

/** What is asked for: by ids; undefined or none of them means what is usual. */
export interface Selection {
  readonly workloads: readonly string[];
  readonly contestants: readonly string[] | undefined;
  /** A first impression is wanted. */
  readonly quick: boolean;
}

/** What is run for a first impression: those who tell the most, and take seconds. */
const quickly = {
  workloads: ["w1", "w2", "w3", "w4"],
  contestants: ["floor", "cr", "cr-shards", "metadata-mirror"],
} as const;

/** The workloads that are asked for, in the order given. @throws where there is none of that id. */
export function selectedWorkloads({ workloads: ids, quick }: Selection): readonly Workload[] {
  if (ids.length > 0) return chosen("workload", workloads, ids);
  return quick ? chosen("workload", workloads, quickly.workloads) : workloads.filter(({ byHand }) => !byHand);
}

/** The contestants that are asked for, in the order given; `none` is none. @throws where there is none of that id. */
export function selectedContestants({ contestants: ids, quick }: Selection): readonly Contestant[] {
  const named = ids ?? (quick ? quickly.contestants : undefined);
  if (named === undefined) return contestants;
  return chosen(
    "contestant",
    contestants,
    named.filter((id) => id !== "none"),
  );
}

function chosen<T extends { readonly id: string }>(kind: string, items: readonly T[], ids: readonly string[]): T[] {
  return ids.map((id) => {
    const item = items.find((candidate) => candidate.id === id);
    if (!item) throw new Error(`no ${kind} "${id}": there are ${items.map(({ id }) => id).join(", ")}`);
    return item;
  });
}
