import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Before the e2e tests, as a process, for the reason that binaries.setup.ts gives. In CI the cluster goes afterwards. */
export function setup(): (() => void) | undefined {
  if (!e2e("up")) throw new Error("the cluster of the e2e tests is not to be had, see above");
  return process.env["CI"] === undefined ? undefined : () => void e2e("down");
}

function e2e(command: string): boolean {
  const main = fileURLToPath(new URL("../e2e/src/main.ts", import.meta.url));
  const { status } = spawnSync(process.execPath, ["--conditions=@metadata-mirror/source", main, command], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  return status === 0;
}
