import { join } from "node:path";
import { execa } from "execa";

const apps = join(import.meta.dirname, "../../apps");

/** The main file of a bundle in the directory. */
export function mainFileIn(directory: string): string {
  return join(directory, "main.cjs");
}

/**
 * Bundles an app as its image has it, into a directory of its own: what others build meanwhile is not measured. Returns the path of its
 * main file.
 */
export async function bundle(app: string, directory: string, signal?: AbortSignal): Promise<string> {
  const cwd = join(apps, app);
  const options = { cwd, preferLocal: true, localDir: cwd, ...(signal !== undefined && { cancelSignal: signal }) };
  await execa("rolldown", ["-c", "../../rolldown.config.ts", "--dir", directory], options);
  return mainFileIn(directory);
}
