import { churn } from "./churn.ts";
import { coldStart } from "./cold-start.ts";
import { idle } from "./idle.ts";
import { many } from "./many.ts";
import { needle } from "./needle.ts";
import { restart } from "./restart.ts";
import { scale } from "./scale.ts";
import { trickle } from "./trickle.ts";
import type { Workload } from "./workload.ts";

/** All there are. */
export const workloads: readonly Workload[] = [trickle, churn, coldStart, restart, needle, many, idle, scale];
