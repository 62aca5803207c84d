import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** The path of a file of docs/examples, given as `docs/examples/…`. */
export function exampleFile(file: string): string {
  return join(import.meta.dirname, "../..", file);
}

/** The commands that the comment at the top of an example shows: its lines that are indented. */
export async function commandsIn(file: string): Promise<readonly string[]> {
  const [comment = ""] = (await readFile(exampleFile(file), "utf8")).split(/^[^#]/m);
  return [...comment.matchAll(/^# {3}(.*)$/gm)].map(([, command = ""]) => command);
}
