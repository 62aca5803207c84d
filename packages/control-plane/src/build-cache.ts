import { mkdir, rename, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { lock } from "proper-lockfile";
import type { Environment } from "./environment.ts";
import { heartbeat, poll } from "./poll.ts";

/** A line for whoever waits. */
export type Report = (line: string) => void;

/**
 * Where what is built is kept: `metadata-mirror/` in XDG_CACHE_HOME. What is there lies in folders that are named by 16 hexadecimal
 * digits for all that it is made of, and goes when it was not used for a month (prune-cache.ts).
 */
export function cacheDirectory(env: Environment): string {
  return join(env["XDG_CACHE_HOME"] || join(env["HOME"] || homedir(), ".cache"), "metadata-mirror");
}

/** A file that is made once, by whichever process comes first. */
export interface CachedBuild {
  /** The absolute path of the executable to be. */
  readonly file: string;
  /** Its name and how long it takes to make, for the reports. */
  readonly name: string;
  readonly expectedSeconds: number;
  /** Writes the executable to the path it is given; `signal` aborts when going on is of no use. */
  readonly build: (output: string, signal: AbortSignal) => Promise<void>;
}

const reportEveryMs = 5_000;
/** A lock whose holder has not touched it for so long is taken over: the holder touches it twice as often. */
const staleLockMs = 10_000;

/**
 * Makes sure that `file` is there, building it at most once however many processes ask: the others wait, and say so. The
 * file appears whole or not at all. A process that dies while building is replaced by one of those who wait. Resolves to
 * whether it was this call that built it.
 */
export async function ensureBuilt(
  { file, name, expectedSeconds, build }: CachedBuild,
  report: Report,
  signal: AbortSignal,
): Promise<boolean> {
  if (await isExecutable(file)) return false;
  await mkdir(dirname(file), { recursive: true });
  await using held = await takeLock(file, name, report, signal);
  if (await isExecutable(file)) return false;

  report(`building ${name}, once: about ${expectedSeconds} s on 2 cores if nothing of it is cached`);
  const partial = `${file}.partial`;
  const building = build(partial, held.signal);
  await heartbeat(building, reportEveryMs, (ms) =>
    report(`building ${name}: ${seconds(ms)} of about ${expectedSeconds} s`),
  );
  await rename(partial, file);
  report(`built ${name}: ${file}`);
  return true;
}

/** Whether there is a file and it may be run. */
export async function isExecutable(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found !== undefined && found.isFile() && (found.mode & 0o111) !== 0;
}

/** The lock of `file`'s build. `signal` of what it resolves to says that it was lost, or what the given one says. */
async function takeLock(file: string, name: string, report: Report, signal: AbortSignal) {
  // A process that slept past the stale time has lost the lock, and another may be building the same file by now.
  const lost = new AbortController();
  const onCompromised = (error: Error) => lost.abort(error);
  const tryLock = () =>
    lock(file, { realpath: false, stale: staleLockMs, onCompromised }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ELOCKED") return undefined;
      throw error;
    });
  const waitForLock = () => {
    const busy = `another process is building ${name}`;
    report(`${busy}: waiting for it`);
    return heartbeat(poll(tryLock, { everyMs: 500, signal }), reportEveryMs, (ms) => report(`${busy}: ${seconds(ms)}`));
  };
  const release = (await tryLock()) ?? (await waitForLock());
  return {
    signal: AbortSignal.any([lost.signal, signal]),
    // Releasing a lock that was lost fails, and leaves nothing to do.
    [Symbol.asyncDispose]: () => release().catch(() => {}),
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
