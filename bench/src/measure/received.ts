import { execa } from "execa";

/** Bytes received, by the local address of the connection. */
export type Received = ReadonlyMap<string, number>;

/**
 * Bytes that processes have received on the connections that they have open, TLS and all, as the kernel counts them (`ss`, of iproute2).
 * Undefined where there is no `ss`.
 */
export async function received(processes: readonly { readonly pid: number }[]): Promise<Received | undefined> {
  const { stdout, failed } = await execa("ss", ["-tinpHO"], { reject: false });
  return failed ? undefined : new Map(processes.flatMap(({ pid }) => [...parseReceived(stdout, pid)]));
}

/** From what `ss -tinpHO` prints: a line each connection. */
export function parseReceived(output: string, pid: number): Received {
  const own = output.split("\n").filter((line) => line.includes(`,pid=${pid},`));
  return new Map(
    own.map((line) => [line.split(/\s+/)[3] ?? "", Number(/ bytes_received:(\d+)/.exec(line)?.[1] ?? 0)] as const),
  );
}

/** Of several looks the most of each connection, in all: what those had received that are closed since counts too. */
export function receivedInAll(looks: readonly Received[]): number {
  const most = new Map<string, number>();
  for (const look of looks) {
    for (const [address, bytes] of look) most.set(address, Math.max(bytes, most.get(address) ?? 0));
  }
  return [...most.values()].reduce((sum, bytes) => sum + bytes, 0);
}
