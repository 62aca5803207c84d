import { Command } from "commander";
import { type AmbassadorFlags, ambassadorOptions } from "../src/options.ts";

/** The flags of a command line. */
export function flagsOf(...args: string[]): AmbassadorFlags {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  for (const option of ambassadorOptions()) command.addOption(option);
  return command.parse(args, { from: "user" }).opts();
}
