import { join } from "node:path";
import { execa } from "execa";

const apps = join(import.meta.dirname, "../../apps");

/** Where the bundle of an app has its main file. */
export function bundleOf(app: string): string {
  return join(apps, app, "dist/main.mjs");
}

/** Bundles an app anew, as its image has it. */
export async function bundle(app: string, signal?: AbortSignal): Promise<void> {
  const cwd = join(apps, app);
  const options = { cwd, preferLocal: true, localDir: cwd, ...(signal !== undefined && { cancelSignal: signal }) };
  await execa("rolldown", ["-c", "../../rolldown.config.ts"], options);
}
