import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { findBinary } from "@metadata-mirror/control-plane";

/** A `kubectl proxy` with the rights of a kubeconfig, on a free port of loopback, until it is disposed of. */
export async function startKubectlProxy(kubeconfigPath: string, ...args: readonly string[]) {
  const program = await findBinary("kubectl", { env: process.env });
  const child = spawn(program, ["--kubeconfig", kubeconfigPath, "proxy", "--port=0", ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  // Starting to serve on 127.0.0.1:41234
  const address = await Promise.race([
    once(createInterface(child.stdout), "line").then(([line]) => /127\.0\.0\.1:\d+$/.exec(String(line))?.[0]),
    exit.then(() => undefined),
  ]);
  if (address === undefined) throw new Error("kubectl proxy did not start");
  return {
    server: `http://${address}`,
    async [Symbol.asyncDispose]() {
      child.kill();
      await exit;
    },
  };
}
