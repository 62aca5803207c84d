import type { Fault, Where } from "@metadata-mirror/fault-proxy";
import type { Random } from "../random.ts";
import type { Disturbance } from "./disturbance.ts";

const codes = [401, 403, 404, 409, 410, 429, 500, 503] as const;

type Draw = (random: Random) => Fault;

/** What may be wrong with a line. Not among them: names, which only the proxy's own process looks up (`unresolved`). */
const quickFaults: readonly Draw[] = [
  (random) => ({ type: "delay", ms: random.int(20, 500) }),
  () => ({ type: "reset before the answer" }),
  () => ({ type: "reset in the body" }),
  () => ({ type: "cut" }),
  (random) => ({
    type: "refusal",
    code: random.pick(codes),
    ...(random.percent(30) && { times: random.int(1, 3) }),
    ...(random.percent(20) && { retryAfterSeconds: 1 }),
  }),
  (random) => ({ type: "error event", code: random.pick([410, 500]) }),
  () => ({ type: "truncated page" }),
  () => ({ type: "expired continue" }),
  () => ({ type: "no bookmarks" }),
  () => ({ type: "no streamed lists" }),
  () => ({ type: "duplicates" }),
  () => ({ type: "reordered" }),
  (random) => ({
    type: "untrusted",
    certificate: random.pick(["other authority", "expired", "other host"]),
  }),
  () => ({ type: "no handshake" }),
  () => ({ type: "refused" }),
];

/** What takes a client minutes to notice, since nothing but silence tells of it. */
const slowFaults: readonly Draw[] = [
  () => ({ type: "stall" }),
  () => ({ type: "half-open" }),
  (random) => ({ type: "trickle", bytesPerSecond: random.int(1, 20) }),
];

const resources = ["pods", "configmaps", "metadatamirrors", "metadatagrants", "nodes", "leases"];

/** Past this a Lease is another's: 15 s, and a second. */
const leaseLostMs = 16_000;

const weights = {
  line: 60,
  pause: 12,
  kill: 8,
  roll: 8,
  "restart the API server": 3,
  "pause etcd": 4,
  "outlast the Lease": 5,
};

/** Draws what goes wrong next; `slow`: also faults that take minutes to notice. */
export function drawDisturbance(random: Random, replicas: number, slow: boolean): Disturbance {
  const kind = random.weighted(weights);
  const replica = random.int(0, replicas - 1);
  switch (kind) {
    case "pause":
      return { type: "pause", replica, ms: random.int(100, 4_000) };
    case "kill":
      return { type: "kill", replica, ms: random.int(0, 4_000) };
    case "outlast the Lease":
      return { type: random.pick(["pause", "kill"]), replica, ms: leaseLostMs + random.int(0, 4_000) };
    case "roll":
      return { type: "roll", replica };
    case "restart the API server":
      return { type: "restart the API server" };
    case "pause etcd":
      return { type: "pause etcd", ms: random.int(100, 2_000) };
    case "line": {
      const draw = random.pick(slow ? [...quickFaults, ...slowFaults] : quickFaults);
      const where: Where = random.percent(30) ? {} : { resource: random.pick(resources) };
      return { type: "line", replica, fault: draw(random), where, ms: random.int(200, 3_000) };
    }
  }
}
