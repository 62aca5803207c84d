import { spawn } from "node:child_process";
import { once } from "node:events";
import { findBinary } from "@metadata-mirror/control-plane";
import { kubeconfigPath } from "../src/cluster.ts";
import { host } from "./scene.ts";

/** A program that runs beside the test. Disposing of it ends it: with SIGTERM and, where that is not enough, with SIGKILL. */
export interface Background extends AsyncDisposable {
  /** What it has written to standard output so far. */
  readonly output: () => string;
  /** null while it runs, or where a signal has ended it. */
  readonly exitCode: () => number | null;
}

/** How long it may take to end. */
const patienceMs = 5_000;

export async function start(file: string, args: readonly string[], env = host.env): Promise<Background> {
  const child = spawn(file, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  await once(child, "spawn");
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  return {
    output: () => output,
    exitCode: () => child.exitCode,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const insist = setTimeout(() => child.kill("SIGKILL"), patienceMs);
      const exit = once(child, "exit");
      child.kill();
      await exit;
      clearTimeout(insist);
    },
  };
}

/** kubectl as the cluster's admin. */
export async function startKubectl(...args: string[]): Promise<Background> {
  const program = await findBinary("kubectl", { env: host.env });
  return start(program, ["--kubeconfig", kubeconfigPath(host), ...args]);
}
