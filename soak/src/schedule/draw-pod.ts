import type { Random } from "../random.ts";
import type { Pod } from "../world/pod.ts";
import { labelValues } from "./draw-selector.ts";
import type { Place, Stage } from "./stage.ts";

/** Notes that are hard on who quotes or splits, and end in what makes each its own. */
const notes = ["plain", "", 'with "quotes"', "line\nbreak", "tab\tand \\", "ünïcode ☃", "a=b,c", "{{ p.podName }}"];

/** What is drawn anew where it changes. */
export function drawLabels(random: Random): Pod["labels"] {
  const entries = Object.entries(labelValues).filter(([key]) => random.percent(key === "app" ? 90 : 60));
  return Object.fromEntries(entries.map(([key, values]) => [key, random.pick(values)]));
}

export function drawNote(random: Random): string {
  const note = random.pick(notes);
  return note === "" ? "" : `${note} ${random.int(1, 9_999)}`;
}

/** What a kubelet may say of a pod next, of which some have an IP and some share that of their node. */
export function drawReport(random: Random, pod: Pod): Pod {
  const phase =
    pod.node === "" ? "Pending" : random.weighted({ Pending: 15, Running: 75, Succeeded: 5, Failed: 5 } as const);
  const ip = random.weighted({ same: 50, other: 35, none: 10, host: 5 });
  return {
    ...pod,
    phase,
    ready: phase === "Running" && random.percent(75),
    ip: { same: pod.ip, other: drawIp(random), none: "", host: "192.168.0.1" }[ip],
  };
}

function drawIp(random: Random): string {
  return `10.${random.int(0, 255)}.${random.int(0, 255)}.${random.int(1, 254)}`;
}

/** A pod that comes into being, most often running soon. */
export function drawPod(random: Random, place: Place, { nodes }: Stage): Pod {
  const isBound = random.percent(90);
  const pod: Pod = {
    ...place,
    labels: drawLabels(random),
    note: drawNote(random),
    node: isBound ? random.pick(nodes) : "",
    phase: "Pending",
    ready: false,
    ip: "",
    cpuRequest: random.int(1, 20) * 25,
    cpuLimit: random.percent(50) ? random.int(1, 4) : undefined,
    terminating: false,
  };
  return isBound && random.percent(85) ? { ...drawReport(random, pod), phase: "Running", ip: drawIp(random) } : pod;
}
