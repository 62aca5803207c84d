import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { systemClock } from "@metadata-mirror/api-client";
import type { Credentials } from "@metadata-mirror/auth";
import { findBinary, kubeconfig, type Login } from "@metadata-mirror/control-plane";
import { pino } from "pino";
import { runAmbassador } from "../src/ambassador.ts";
import { configOf } from "../src/options.ts";
import { flagsOf } from "./flags.ts";

/** A proxy to an API server, on a port of 127.0.0.1, until it's disposed of. */
export interface Proxy extends AsyncDisposable {
  readonly port: number;
}

/** An ambassador, and what it has logged. */
export interface TestAmbassador extends Proxy {
  readonly log: readonly Record<string, unknown>[];
  readonly healthPort: number;
  /** Stops it, as SIGTERM does; resolves when it has. */
  readonly stop: () => Promise<void>;
  /** Stops it at once, as a second SIGTERM does. */
  readonly cut: () => void;
}

/** Credentials for a login; `token` answers each time what is to be sent. */
export function credentialsOf({ server, ca, token }: Login): Credentials {
  const tls = { ca, insecureSkipTLSVerify: false };
  return {
    server,
    namespace: "default",
    source: "test",
    warnings: [],
    tls: () => Promise.resolve(tls),
    token: () => Promise.resolve(token),
  };
}

/** An ambassador in this process, on any free port; `args` are its flags. */
export async function startAmbassador(credentials: Credentials, ...args: string[]): Promise<TestAmbassador> {
  const log: Record<string, unknown>[] = [];
  const stop = new AbortController();
  const now = new AbortController();
  const { promise: serving, resolve } = Promise.withResolvers<Record<string, unknown>>();
  const write = (line: string): void => {
    const entry = JSON.parse(line) as Record<string, unknown>;
    log.push(entry);
    if (entry["msg"] === "serving") resolve(entry);
  };
  const running = runAmbassador({
    credentials,
    config: configOf(flagsOf("--port=0", "--health-port=0", ...args)),
    clock: systemClock,
    random: () => 0.5,
    umask: (mask) => process.umask(mask),
    log: pino({ level: "debug" }, { write }),
    signal: stop.signal,
    now: now.signal,
  });
  const { on, healthPort } = await Promise.race([serving, running.then(() => ({ on: "", healthPort: 0 }))]);
  return {
    port: Number(String(on).split(":").at(-1)),
    healthPort: Number(healthPort),
    log,
    stop: () => {
      stop.abort();
      return running;
    },
    cut: () => now.abort(),
    async [Symbol.asyncDispose]() {
      now.abort();
      stop.abort();
      await running;
    },
  };
}

/** `kubectl proxy` on any free port, of the version that the workspace pins: with the admin's login, to `server` if that is another. */
export async function startKubectlProxy(
  { server, ca, token, directory }: Login & { readonly directory: string },
  ...args: string[]
): Promise<Proxy> {
  const kubectl = await findBinary("kubectl", { env: process.env, pinned: true });
  const file = join(directory, `proxy-${new URL(server).port}.kubeconfig`);
  await writeFile(file, kubeconfig({ server, ca, token }, "proxy"));
  const child = spawn(kubectl, ["--kubeconfig", file, "proxy", "--port=0", ...args], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { HOME: directory },
  });
  return { port: await portOf(child), [Symbol.asyncDispose]: () => end(child) };
}

async function portOf(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error("kubectl proxy says nothing");
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^Starting to serve on 127\.0\.0\.1:(\d+)$/.exec(line)?.[1];
    if (port !== undefined) return Number(port);
  }
  throw new Error("kubectl proxy ended before it served");
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}
