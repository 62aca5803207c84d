import { join } from "node:path";
import { bundle, mainFileIn } from "../bundle.ts";
import type { Contestant, Host, Job } from "./contestant.ts";
import { run } from "./running.ts";

/** Of the operator's image: a test compares with the Dockerfile. */
export const operatorNodeFlags: readonly string[] = ["--max-semi-space-size=2"];

/** Of the operator's image too. */
export const imageEnv: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: "1",
  MALLOC_MMAP_THRESHOLD_: "16384",
  MALLOC_TRIM_THRESHOLD_: "65536",
};

/** Of its Deployment, but that the port of its probes is any that is free, and that Leases are asked for by a variable: a test compares with the manifest. */
export const operatorArgs: readonly string[] = ["run", "--health-port=0"];

/** By variables, which a build that is older than they are leaves alone. Here is no pod whose namespace would be that of the Leases. */
export const operatorEnv: Readonly<Record<string, string>> = {
  METADATA_MIRROR_LEADER_ELECT: "true",
  METADATA_MIRROR_LEASE_NAMESPACE: "default",
};

/** Does what the MetadataMirrors in the cluster say, of all namespaces, so that of a job it needs only the kubeconfig. */
function start(mainFile: string, { kubeconfigPath, logPath, operatorEnv: more = {} }: Job, { node }: Host) {
  const args = [...operatorNodeFlags, mainFile, ...operatorArgs];
  const env = { ...imageEnv, ...operatorEnv, ...more, KUBECONFIG: kubeconfigPath };
  // so that it releases its Lease, as in a roll-out: the next one would wait for 15 s otherwise
  return run({ file: node, args, env, endsBy: "SIGTERM" }, logPath);
}

/** A build of the operator that is there already. */
export function operatorContestant(mainFile: string, id: string, name: string): Contestant {
  return { id, name, prepare: () => Promise.resolve(), start: (job, host) => start(mainFile, job, host) };
}

/** The operator as it is deployed: its bundle, built anew by `prepare`, with the flags of its image and of its Deployment. */
export const metadataMirror: Contestant = {
  id: "metadata-mirror",
  name: "Metadata Mirror",
  async prepare({ directory, signal }) {
    await bundle("operator", bundleIn(directory), signal);
  },
  start: (job, host) => start(mainFileIn(bundleIn(host.directory)), job, host),
};

function bundleIn(directory: string): string {
  return join(directory, "operator");
}
