import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Before the integration tests, as a process: vitest's own set-up does not resolve the packages of the workspace to their sources. */
export function setup(): void {
  const script = fileURLToPath(new URL("binaries.ts", import.meta.url));
  const { status } = spawnSync(process.execPath, ["--conditions=@metadata-mirror/source", script], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0) throw new Error("the binaries of the integration tests are not to be had, see above");
}
