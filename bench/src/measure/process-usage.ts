import { readFile } from "node:fs/promises";

/** What a process has of the machine. */
export interface ProcessUsage {
  /** Seconds on the processor since its start, its own and the kernel's for it. */
  readonly cpuSeconds: number;
  /** Bytes in memory. */
  readonly rss: number;
  /** The most that it has had in memory, in bytes. */
  readonly peakRss: number;
  /** Of the bytes in memory those that are pages of files, as of its program and libraries: processes share them, and the system may drop them. */
  readonly filePages: number;
}

/** Ticks of the clock of /proc a second: USER_HZ, which Linux has as 100 wherever Node.js runs (see man 7 time). */
const ticksPerSecond = 100;

/** Reads it from /proc. Throws where the process has ended. */
export async function processUsage(pid: number): Promise<ProcessUsage> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, "utf8"),
    readFile(`/proc/${pid}/status`, "utf8"),
  ]);
  return { cpuSeconds: parseCpuSeconds(stat), ...parseMemory(status) };
}

/** What several processes have in all. */
export async function usageOf(processes: readonly { readonly pid: number }[]): Promise<ProcessUsage> {
  const usages = await Promise.all(processes.map(({ pid }) => processUsage(pid)));
  const sum = (of: keyof ProcessUsage) => usages.reduce((total, usage) => total + usage[of], 0);
  return { cpuSeconds: sum("cpuSeconds"), rss: sum("rss"), peakRss: sum("peakRss"), filePages: sum("filePages") };
}

/** From a line of /proc/<pid>/stat (see man 5 proc): the name, in parentheses, may hold anything. */
export function parseCpuSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  if (!Number.isFinite(user + system)) throw new Error(`no times in /proc/<pid>/stat: ${stat}`);
  return (user + system) / ticksPerSecond;
}

/** From /proc/<pid>/status. */
export function parseMemory(status: string): Omit<ProcessUsage, "cpuSeconds"> {
  const bytes = (name: string): number => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
    if (kilobytes === undefined) throw new Error(`no ${name} in /proc/<pid>/status: the process has ended`);
    return Number(kilobytes) * 1024;
  };
  return { rss: bytes("VmRSS"), peakRss: bytes("VmHWM"), filePages: bytes("RssFile") };
}
