import { readFile } from "node:fs/promises";

/** The last lines of a log, 20 at most: enough to say why a process ended. */
export async function lastLines(path: string): Promise<string> {
  return (await readFile(path, "utf8")).trimEnd().split("\n").slice(-20).join("\n");
}
