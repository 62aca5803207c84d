import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type ControlPlane, findBinary } from "@metadata-mirror/control-plane";
import { bundle } from "../bundle.ts";
import type { Target } from "./load.ts";

/** A way to the API server, as a process of its own where it is one. */
export interface Contestant extends AsyncDisposable {
  readonly name: string;
  readonly target: (path: string) => Target;
}

export interface Surroundings {
  readonly controlPlane: ControlPlane;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The path of Node.js. */
  readonly node: string;
  readonly report: (line: string) => void;
}

/** HTTPS with the token and the authority, and nobody between. */
export function direct({ controlPlane }: Surroundings): Contestant {
  const { server, ca, token } = controlPlane;
  const headers = { authorization: `Bearer ${token}` };
  return {
    name: "direct",
    target: (path) => ({ origin: server, path, headers, ca }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** `kubectl proxy` of the version that the workspace pins, with its defaults. */
export async function kubectlProxy({ controlPlane, env, report }: Surroundings): Promise<Contestant> {
  const kubectl = await findBinary("kubectl", { env, pinned: true, report });
  const args = ["--kubeconfig", controlPlane.kubeconfigPath, "proxy", "--port=0"];
  return startProxy("kubectl proxy", kubectl, args, /^Starting to serve on (127\.0\.0\.1:\d+)$/);
}

/** Of the ambassador's image: a test compares with the Dockerfile. */
export const nodeFlags = ["--max-semi-space-size=2"];

/** The ambassador as it is deployed: its bundle, with its defaults. */
export async function ambassador({ controlPlane, node }: Surroundings): Promise<Contestant> {
  const mainFile = await bundle("ambassador", join(controlPlane.directory, "ambassador"));
  const args = [...nodeFlags, mainFile, "--port=0", "--kubeconfig", controlPlane.kubeconfigPath];
  return startProxy("ambassador", node, args, /"on":"(127\.0\.0\.1:\d+)"/);
}

async function startProxy(name: string, file: string, args: readonly string[], serving: RegExp): Promise<Contestant> {
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exit = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) {
    const authority = serving.exec(line)?.[1];
    if (authority === undefined) continue;
    // what else it says is not waited for
    child.stdout.resume();
    return {
      name,
      target: (path) => ({ origin: `http://${authority}`, path }),
      async [Symbol.asyncDispose]() {
        child.kill("SIGKILL");
        await exit;
      },
    };
  }
  throw new Error(`${name} ended before it served`);
}
