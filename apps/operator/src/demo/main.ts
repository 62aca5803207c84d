import process from "node:process";
import { type ApiClient, systemClock, systemRandom } from "@metadata-mirror/api-client";
import { Command, InvalidArgumentError } from "commander";
import pc from "picocolors";
import { destination, pino } from "pino";
import { defaultConfig } from "../config.ts";
import { runOperator } from "../operator.ts";
import { showLive } from "./live.ts";
import { namespace } from "./names.ts";
import { perform } from "./player.ts";
import { endlessly, once, scenario } from "./scenario.ts";
import { setStage, type Stage } from "./stage.ts";
import type { Tally } from "./tally.ts";
import { lastLine, tell } from "./transcript.ts";

interface DemoOptions {
  readonly once: boolean;
  readonly pace: number;
  readonly deadline: number;
  readonly log?: string;
}

function milliseconds(text: string): number {
  if (!/^[0-9]{1,7}$/.test(text)) throw new InvalidArgumentError("Give milliseconds, such as 2000.");
  return Number(text);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

function operate(client: ApiClient, signal: AbortSignal, logFile: string | undefined): Promise<void> {
  return runOperator({
    client,
    config: { ...defaultConfig, namespaces: [namespace] },
    clock: systemClock,
    processor: () => systemClock.monotonic(),
    random: systemRandom,
    log: logFile === undefined ? pino({ level: "silent" }) : pino({ base: null }, destination(logFile)),
    instance: "demo",
    identity: "demo",
    giveBack: () => undefined,
    signal,
  });
}

/** In raw mode Ctrl-C is a key, which reaches us alone: not pnpm, which would print that it was interrupted. */
function stopAtKeys(stop: AbortController): Disposable {
  const { stdin } = process;
  if (!stdin.isTTY) return { [Symbol.dispose]() {} };
  stdin.setRawMode(true);
  stdin.on("data", (keys) => ["q", "\u0003"].includes(keys.toString()) && stop.abort());
  return {
    [Symbol.dispose]() {
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

async function playAll(stage: Stage, options: DemoOptions, stop: AbortController): Promise<Tally> {
  const pacing = { clock: systemClock, deadlineMs: options.deadline, paceMs: options.once ? 0 : options.pace };
  const progress = perform(options.once ? once(scenario) : endlessly(scenario), stage, pacing);
  print(`export KUBECONFIG=${stage.kubeconfigPath}`);
  await scenario.prologue(stage.client);
  if (options.once || !process.stdout.isTTY) return tell(progress, print);
  using _ = stopAtKeys(stop);
  return await showLive(progress, stage, { terminal: process.stdout, colors: pc, clock: systemClock });
}

async function demo(options: DemoOptions): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => stop.abort());
  process.stdout.on("error", () => stop.abort()); // whoever read us has gone
  report("demo: starting etcd and kube-apiserver");
  try {
    const tally = await onStage(options, stop);
    const cut = options.once && stop.signal.aborted;
    print(cut ? "demo: failed, it was stopped before its end" : lastLine(tally));
    process.exitCode = cut ? 130 : options.once && tally.failed > 0 ? 1 : 0;
  } catch (error) {
    const stopped = stop.signal.aborted;
    if (!stopped) report(error instanceof Error ? error.message : String(error));
    print(stopped ? "demo: failed, it was stopped before it began" : "demo: failed, see the message above");
    process.exitCode = stopped ? 130 : 1;
  }
}

async function onStage(options: DemoOptions, stop: AbortController): Promise<Tally> {
  await using stage = await setStage({
    controlPlane: { env: process.env, report, signal: stop.signal },
    clock: systemClock,
    operate: (client, signal) => operate(client, signal, options.log),
    signal: stop.signal,
  });
  return await playAll(stage, options, stop);
}

const steps = [scenario.opening, ...scenario.lap, ...scenario.reset].map(
  ({ title }, index) => `${String(index + 1).padStart(4)}  ${title}`,
);

await new Command("demo")
  .description(
    "Shows the operator at work: on a real kube-apiserver of its own, pods come, change and go, and the ConfigMaps of a MetadataMirror follow. Ends with Ctrl-C, and leaves nothing behind.",
  )
  .option("--once", "play the steps once, a line each; exits 0 only if the ConfigMaps were right after each", false)
  .option("--pace <ms>", "pause between two steps, without --once", milliseconds, 2_500)
  .option("--deadline <ms>", "how long the ConfigMaps may take to be right", milliseconds, 10_000)
  .option("--log <file>", "write the operator's log there")
  .addHelpText(
    "after",
    `
The steps:
${steps.join("\n")}

The milliseconds of a step are those from just before its first request to the API server until a watch of the demo's own,
independent of the operator's, tells of the ConfigMap that is right, every byte of it.

While it runs, look for yourself, in another terminal, with the line "export KUBECONFIG=…" that it shows:
  kubectl get metadatamirrors,configmaps,pods
  kubectl describe mm web-peers
  kubectl get cm web-peers -o yaml --watch
  kubectl label pod web-0 color=blue
The last one is mirrored too, and the demo says that it is not what it expected. There is no kubelet, so pods don't really run.`,
  )
  .showHelpAfterError("demo --help tells more.")
  .action(demo)
  .parseAsync();
