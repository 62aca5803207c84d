import { readFile } from "node:fs/promises";

/** The time of all processors of the machine, in ticks. */
export interface MachineTime {
  readonly busy: number;
  readonly all: number;
}

/** From the text of /proc/stat (see man 5 proc). Waiting for a disk is no work, and guests are counted as users already. */
export function parseMachineTime(stat: string): MachineTime {
  const [, ...ticks] = /^cpu .*$/m.exec(stat)?.[0].trim().split(/ +/).map(Number) ?? [];
  const [user = NaN, nice = 0, system = 0, idle = 0, waiting = 0, interrupts = 0, soft = 0, stolen = 0] = ticks;
  const busy = user + nice + system + interrupts + soft + stolen;
  if (!Number.isFinite(busy)) throw new Error("no times of all processors in /proc/stat");
  return { busy, all: busy + idle + waiting };
}

/** Begins to measure; the function that it returns tells which part of the time of all processors was in use since then, from 0 to 1. */
export async function openBusyTime(): Promise<() => Promise<number>> {
  const read = async () => parseMachineTime(await readFile("/proc/stat", "utf8"));
  const before = await read();
  return async () => {
    const after = await read();
    return (after.busy - before.busy) / Math.max(1, after.all - before.all);
  };
}
