import process from "node:process";
import { Command, InvalidArgumentError } from "commander";
import { benchAmbassador, describe, missed } from "./ambassador.ts";

interface Options {
  readonly rounds: number;
  readonly duration: number;
  readonly json: boolean;
}

function count(text: string): number {
  if (!/^[1-9][0-9]{0,5}$/.test(text)) throw new InvalidArgumentError("Give a whole number, 1 or more.");
  return Number(text);
}

async function runAmbassador({ rounds, duration, json }: Options): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort(new Error("stopped")));
  const results = await benchAmbassador({
    env: process.env,
    node: process.execPath,
    report: (line) => process.stderr.write(`${line}\n`),
    rounds,
    durationMs: duration,
    signal: stop.signal,
  });
  process.stdout.write(json ? `${JSON.stringify(results)}\n` : describe(results));
  const lines = missed(results);
  for (const line of lines) process.stderr.write(`missed: ${line}\n`);
  if (lines.length > 0) process.exitCode = 2;
}

const program = new Command("bench").description("Measures side by side, on loopback, against a real API server.");
program
  .command("ambassador")
  .description(
    "small GETs through the ambassador and through kubectl proxy; ends with 2 where the ambassador misses a goal",
  )
  .option("--rounds <n>", "rounds, of which the medians count", count, 10)
  .option("--duration <ms>", "how long each contestant is under load in each round", count, 2_000)
  .option("--json", "print the figures as JSON", false)
  .action(runAmbassador);
program.showHelpAfterError();

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
