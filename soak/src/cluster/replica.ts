import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ControlPlane, kubeconfig } from "@metadata-mirror/control-plane";
import { type FaultProxy, startFaultProxy } from "@metadata-mirror/fault-proxy";
import { addCounters, type Counters } from "./counters.ts";
import type { Host } from "./host.ts";
import { type OperatorProcess, startOperator } from "./operator-process.ts";

/** A replica of the operator: one process after the other, behind a proxy of its own. Disposing ends all. */
export interface Replica extends AsyncDisposable {
  readonly name: string;
  readonly proxy: FaultProxy;
  /** The one that runs, or ran last. */
  readonly process: OperatorProcess;
  /** Ends the process, and waits for that; `start` starts another. */
  end(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
  start(): Promise<void>;
  /** Counters of all its processes so far; of one that was killed those that it had when it was last asked. */
  counters(): Promise<Counters>;
  /** Processes that ended without having been told to, or didn't end when they were, each a sentence. */
  readonly crashes: readonly string[];
}

export interface ReplicaOptions {
  readonly name: string;
  readonly controlPlane: ControlPlane;
  readonly host: Host;
  readonly directory: string;
  /** Flags of Node.js and the operator's main file. */
  readonly operator: readonly string[];
  readonly shards: number;
}

/** How long a process may take to end, in milliseconds: what Kubernetes gives a pod by default. */
const endMs = 30_000;

/** Starts one. */
export async function startReplica(options: ReplicaOptions): Promise<Replica> {
  const { name, controlPlane, host, directory, operator, shards } = options;
  await using stack = new AsyncDisposableStack();
  const proxy = stack.use(await startFaultProxy({ upstream: controlPlane, clock: host.clock }));
  const KUBECONFIG = join(directory, `${name}.kubeconfig`);
  await writeFile(KUBECONFIG, kubeconfig(proxy.login, name));
  const env = { KUBECONFIG, POD_NAME: name, HOME: "/nonexistent" };
  const crashes: string[] = [];
  const told = new WeakSet<OperatorProcess>();
  const past: Counters[] = [];
  let latest: Counters = {};
  let started = 0;

  async function begin(): Promise<OperatorProcess> {
    started += 1;
    const logPath = join(directory, `${name}-${started}.log`);
    const process = await startOperator({ node: host.node, args: operator, env, logPath, clock: host.clock }, shards);
    void process.ended.then(async (how) => {
      if (told.has(process)) return;
      crashes.push(`${name} ended by itself, by ${how}; its log ends with\n${await process.lastLines()}`);
    });
    return process;
  }

  let process = await begin();
  stack.defer(async () => {
    told.add(process);
    await process[Symbol.asyncDispose]();
  });
  const owned = stack.move();
  return {
    name,
    proxy,
    get process() {
      return process;
    },
    async end(signal) {
      told.add(process);
      process.send(signal);
      const inTime = await Promise.race([process.ended, host.clock.sleep(endMs)]);
      if (inTime === undefined) {
        crashes.push(`${name} has not ended ${endMs / 1000} s after ${signal}; its log is ${process.logPath}`);
        await process[Symbol.asyncDispose]();
      }
      past.push(latest);
      latest = {};
    },
    async start() {
      process = await begin();
    },
    async counters() {
      latest = { ...latest, ...(await process.counters()) };
      return addCounters([...past, latest]);
    },
    crashes,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
