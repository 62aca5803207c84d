import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { type Component, startComponent, whenReady } from "./component.ts";
import { statusOf } from "./http-status.ts";
import type { ScratchDirectory } from "./scratch-directory.ts";

/** What `--etcd-servers` of the API server must be, for an etcd that was started in `directory`. */
export function etcdUrl(directory: string): string {
  return `unix://${socketPath(directory)}`;
}

/** Where an etcd that was started in `directory` keeps its data. */
export function etcdData(directory: string): string {
  return join(directory, "etcd");
}

/**
 * Where it refuses to take more: the most that etcd recommends. Its own 2 GB are filled on a fast machine by minutes of changes, of which the API
 * server compacts none before 5 minutes.
 */
const mostBytes = 8 * 1024 ** 3;

/**
 * Starts etcd and waits until it serves, as Kubernetes' own integration tests run it (test/integration/framework/etcd.go):
 * clients come by a socket in our own directory, since etcd asks nobody for credentials, and the kernel picks the port for peers,
 * of which there are none. The URL it would advertise is never used.
 */
export async function startEtcd(binary: string, scratch: ScratchDirectory, signal: AbortSignal): Promise<Component> {
  const args = [
    `--data-dir=${etcdData(scratch.path)}`,
    `--listen-client-urls=${etcdUrl(scratch.path)}`,
    "--advertise-client-urls=http://127.0.0.1:0",
    "--listen-peer-urls=http://127.0.0.1:0",
    "--unsafe-no-fsync",
    `--quota-backend-bytes=${mostBytes}`,
    "--log-level=warn",
  ];
  const etcd = await startComponent("etcd", binary, args, scratch);
  const request = { socketPath: socketPath(scratch.path), path: "/health" };
  await whenReady(etcd, async () => (await statusOf(get, request)) === 200 || undefined, signal);
  return etcd;
}

/** How many bytes of the database of an etcd that was started in `directory` are in use: all versions that aren't compacted. */
export async function etcdBytes(directory: string): Promise<number> {
  const request = get({ socketPath: socketPath(directory), path: "/metrics", agent: false });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const metrics = await text(response);
  const found = /^etcd_mvcc_db_total_size_in_use_in_bytes (\S+)$/m.exec(metrics)?.[1];
  if (found === undefined) throw new Error("etcd tells nothing of the size of its database: see its /metrics");
  return Number(found);
}

function socketPath(directory: string): string {
  return join(directory, "etcd.sock");
}
