import { once } from "node:events";
import process from "node:process";
import { parseArgs } from "node:util";
import { startControlPlane } from "./control-plane.ts";

const help = `Usage: control-plane [--help]

Starts a real kube-apiserver and etcd on loopback, in a temporary directory, and prints how kubectl reaches them. Runs until
Ctrl-C or SIGTERM, then removes everything. There is no scheduler, kubelet or controller: only the API.

The binaries are taken from the directory KUBEBUILDER_ASSETS, from PATH, or from a cache in XDG_CACHE_HOME (or ~/.cache),
where they are built once with Go.
`;

async function run(): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort(name));
  const report = (line: string) => process.stderr.write(`${line}\n`);
  await using controlPlane = await startControlPlane({ env: process.env, report, signal: stop.signal });
  process.stdout.write(`The API server is at ${controlPlane.server}. Its kubeconfig:

  export KUBECONFIG=${controlPlane.kubeconfigPath}

Ctrl-C stops it.
`);
  if (!stop.signal.aborted) await once(stop.signal, "abort");
  report("stopping");
}

try {
  const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
  if (values.help) process.stdout.write(help);
  else await run();
} catch (error) {
  const stopped = error === "SIGINT" || error === "SIGTERM";
  process.stderr.write(stopped ? "stopped\n" : `${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = stopped ? 130 : 1;
}
