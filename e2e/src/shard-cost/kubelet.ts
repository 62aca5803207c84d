import { nodeName } from "../cluster.ts";
import { type Host, run } from "../host.ts";

/** USER_HZ, the ticks of a second in /proc/<pid>/stat: 100 on every Linux. */
const ticksPerSecond = 100;

/** What the kubelet has used of the processor so far, user and system, in milliseconds; to 10 ms, as the kernel tells it. */
export async function kubeletCpuMs(host: Host): Promise<number> {
  const script = "cat /proc/$(pgrep -o -x kubelet)/stat";
  return cpuMs(await run(host, "docker", ["exec", nodeName, "sh", "-c", script]));
}

/**
 * utime and stime of a /proc/<pid>/stat, in milliseconds: fields 14 and 15 (proc_pid_stat(5)). The second field is a name in brackets,
 * which may hold spaces and brackets.
 */
export function cpuMs(stat: string): number {
  const [, , ...fields] = stat.slice(stat.lastIndexOf(")")).split(" ");
  const ticks = Number(fields[10]) + Number(fields[11]);
  if (!Number.isFinite(ticks)) throw new Error(`this is no /proc/<pid>/stat: ${stat}`);
  return (1_000 / ticksPerSecond) * ticks;
}
