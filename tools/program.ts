import { fileURLToPath } from "node:url";

/** What Node.js is to be given to run a program of the workspace from its sources; `file` is as seen from here. */
export function programArgs(file: string, ...args: readonly string[]): readonly string[] {
  return ["--conditions=@metadata-mirror/source", fileURLToPath(new URL(file, import.meta.url)), ...args];
}
