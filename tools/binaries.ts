/** `pnpm binaries`: finds what the integration tests run, or on a cold machine builds it, with progress on standard error. */
import process from "node:process";
import { findBinary } from "@metadata-mirror/control-plane";

const report = (line: string) => process.stderr.write(`${line}\n`);
try {
  for (const name of ["etcd", "kube-apiserver", "kubectl", "downward-oracle", "file-sd-oracle", "promtool"] as const) {
    await findBinary(name, { env: process.env, report });
  }
} catch (error) {
  report(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
