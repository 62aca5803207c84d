import type { Fault, Where } from "@metadata-mirror/fault-proxy";

/** Something that goes wrong. Replicas are counted from 0; times are in milliseconds, and a quiet point ends what still goes on. */
export type Disturbance =
  /** SIGSTOP, and SIGCONT later. */
  | { readonly type: "pause"; readonly replica: number; readonly ms: number }
  /** SIGKILL, and a new process later. */
  | { readonly type: "kill"; readonly replica: number; readonly ms: number }
  /** SIGTERM, and a new process once it has ended: a roll-out. */
  | { readonly type: "roll"; readonly replica: number }
  /** A fault of the line between the replica and the API server. */
  | {
      readonly type: "line";
      readonly replica: number;
      readonly fault: Fault;
      readonly where: Where;
      readonly ms: number;
    }
  /** The API server is killed and started again. */
  | { readonly type: "restart the API server" }
  /** SIGSTOP of etcd, and SIGCONT later. */
  | { readonly type: "pause etcd"; readonly ms: number };

/** Which kind it is, with that of the fault of a line: what is counted. */
export function kindOf(disturbance: Disturbance): string {
  if (disturbance.type !== "line") return disturbance.type;
  const { fault } = disturbance;
  return "code" in fault ? `${fault.type} ${fault.code}` : fault.type;
}

/** It for a person: `replica 1: pause for 3.2 s`. */
export function describeDisturbance(disturbance: Disturbance): string {
  const { type } = disturbance;
  const time = "ms" in disturbance ? ` for ${(disturbance.ms / 1000).toFixed(1)} s` : "";
  if (type === "line") {
    const { replica, where } = disturbance;
    return `replica ${replica}: ${kindOf(disturbance)} of ${where.resource ?? "everything"}${time}`;
  }
  return `${"replica" in disturbance ? `replica ${disturbance.replica}: ` : ""}${type}${time}`;
}
