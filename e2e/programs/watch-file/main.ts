/**
 * Watches a file that the kubelet keeps, and says each text that it has had, until it is stopped: a line of the milliseconds since the
 * epoch, a space and the text, the first at once.
 *
 *   main.ts <file>
 */
import { readFileSync, watch } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";

/** inotify tells of most changes at once, but not of all on all file systems: how late one is noticed that it doesn't tell of. */
const everyMs = 10;

function main([file]: readonly string[]): void {
  if (file === undefined) throw new Error("which file?");
  let last: string | undefined;
  const look = (): void => {
    const text = textOf(file);
    if (text === undefined || text === last) return;
    last = text;
    process.stdout.write(`${Date.now()} ${text}\n`);
  };
  // of the directory: the file is a link through ..data, which is what changes
  watch(dirname(file), look);
  setInterval(look, everyMs);
  look();
}

/** undefined where it isn't there yet. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => process.exit());
main(process.argv.slice(2));
