/** Where a soak is. */
export interface Progress {
  readonly round: number;
  readonly phase: "calm" | "disturbed" | "quiet";
  readonly steps: number;
  readonly quietPoints: number;
}

const words: Readonly<Record<Progress["phase"], string>> = {
  calm: "changes",
  disturbed: "changes and faults",
  quiet: "quiet point",
};

/** While there is nothing to be told yet. */
export function startingLine(elapsedMs: number): string {
  return `${seconds(elapsedMs)}  starting etcd, kube-apiserver and the replicas`;
}

/** It as a line: `  34 s  round 3: changes, step 412, 2 quiet points` */
export function progressLine({ round, phase, steps, quietPoints }: Progress, elapsedMs: number): string {
  const points = `${quietPoints} quiet point${quietPoints === 1 ? "" : "s"} passed`;
  return `${seconds(elapsedMs)}  round ${round}: ${words[phase]}, step ${steps}, ${points}`;
}

function seconds(elapsedMs: number): string {
  return `${(elapsedMs / 1000).toFixed(0).padStart(5)} s`;
}
