import { bundle, bundleOf } from "../bundle.ts";
import type { Contestant } from "./contestant.ts";
import { run } from "./running.ts";

/** Of the operator's image: a test compares with the Dockerfile. */
export const operatorNodeFlags: readonly string[] = ["--max-semi-space-size=4"];

/** Of its Deployment, but that the port of its probes is any that is free, and that Leases are asked for by a variable: a test compares with the manifest. */
export const operatorArgs: readonly string[] = ["run", "--health-port=0"];

/** By variables, which a build that is older than they are leaves alone. Here is no pod whose namespace would be that of the Leases. */
export const operatorEnv: Readonly<Record<string, string>> = {
  METADATA_MIRROR_LEADER_ELECT: "true",
  METADATA_MIRROR_LEASE_NAMESPACE: "default",
};

/**
 * A build of the operator. It does what the MetadataMirrors in the cluster say, of all namespaces, so that of a job it needs only the kubeconfig.
 * `bundlePath` is its main file, which is there already.
 */
export function operatorContestant(
  bundlePath: string,
  id: string,
  name: string,
  nodeFlags = operatorNodeFlags,
  args = operatorArgs,
): Contestant {
  return {
    id,
    name,
    prepare: () => Promise.resolve(),
    start: ({ kubeconfigPath, logPath, operatorEnv: more = {} }, { node }) =>
      run(
        {
          file: node,
          args: [...nodeFlags, bundlePath, ...args],
          env: { ...operatorEnv, ...more, KUBECONFIG: kubeconfigPath },
          // so that it releases its Lease, as in a roll-out: the next one would wait for 15 s otherwise
          endsBy: "SIGTERM",
        },
        logPath,
      ),
  };
}

/** The operator as it is deployed: its bundle, built anew by `prepare`, with the flags of its image and of its Deployment. */
export const metadataMirror: Contestant = {
  ...operatorContestant(bundleOf("operator"), "metadata-mirror", "Metadata Mirror"),
  prepare: ({ signal }) => bundle("operator", signal),
};
