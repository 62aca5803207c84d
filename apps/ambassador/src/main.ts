import process from "node:process";
import { systemClock, systemRandom } from "@metadata-mirror/api-client";
import { resolve } from "@metadata-mirror/auth";
import { createLog } from "@metadata-mirror/service";
import { Command } from "commander";
import { runAmbassador } from "./ambassador.ts";
import { type AmbassadorFlags, ambassadorOptions, configOf, warningsOf } from "./options.ts";

async function run(flags: AmbassadorFlags): Promise<void> {
  const config = configOf(flags);
  const stop = new AbortController();
  const now = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => (stop.signal.aborted ? now : stop).abort());
  }
  const log = await createLog(flags.logLevel, process.stdout.isTTY);
  const { kubeconfig, context, insecureSkipTlsVerify } = flags;
  const credentials = await resolve({
    env: process.env,
    insecureSkipTLSVerify: insecureSkipTlsVerify,
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
  });
  const { server, source, warnings } = credentials;
  log.info({ server, from: source }, "starting");
  for (const warning of [...warnings, ...warningsOf(flags)]) log.warn(warning);
  await runAmbassador({
    credentials,
    config,
    clock: systemClock,
    random: systemRandom,
    umask: (mask) => process.umask(mask),
    log,
    signal: stop.signal,
    now: now.signal,
  });
}

const program = new Command("ambassador")
  .description(
    `Speaks plain HTTP on localhost, and verified HTTPS to the API server with this pod's token: what kubectl proxy does, as a sidecar.
Whoever can reach it acts as this pod's service account, within what the flags let through.`,
  )
  .addHelpText("after", "\nEach option can be given by an environment variable, too: AMBASSADOR_READ_ONLY=false.")
  .showHelpAfterError()
  .action(run);
for (const option of ambassadorOptions()) program.addOption(option);

// no await out here: in the bundle what is imported on demand may import from this file, and would wait for it in turn
program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`ambassador: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
