import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { poll } from "@metadata-mirror/control-plane";

/** What a process has in memory right after a full garbage collection, in bytes. */
export interface Heap {
  /** Of JavaScript: what is reachable, and no more. */
  readonly heapUsed: number;
  /** Beside it: of Buffers and the like. */
  readonly external: number;
  /** All of the process, with what V8 and the allocator keep in reserve. */
  readonly rss: number;
}

export const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

/** For a line of progress. */
export function describeHeap({ heapUsed, external, rss }: Heap): string {
  return `heap ${mebibytes(heapUsed)} MiB, external ${mebibytes(external)} MiB, RSS ${mebibytes(rss)} MiB`;
}

/** Asks a process for it. */
export interface HeapProbe {
  /** What its environment has to have. */
  readonly env: Readonly<Record<string, string>>;
  /** Has the process collect its garbage and tell. Throws where it doesn't answer in 2 minutes. */
  read(ask: () => void): Promise<Heap>;
}

const main = fileURLToPath(new URL("probe/main.mjs", import.meta.url));

/** A probe whose answers are in `file`. */
export function heapProbe(file: string, signal: AbortSignal): HeapProbe {
  let answered = 0;
  return {
    env: { NODE_OPTIONS: `--import=${main}`, HEAP_PROBE_FILE: file },
    async read(ask) {
      ask();
      const next = async () => (await linesOf(file))[answered];
      const line = await poll(next, { everyMs: 20, timeoutMs: 120_000, signal });
      answered++;
      return parseHeap(line);
    },
  };
}

/** Whole ones: none that is being written. */
async function linesOf(file: string): Promise<readonly string[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.split("\n").slice(0, -1);
}

function parseHeap(line: string): Heap {
  const { heapUsed, external, rss } = JSON.parse(line) as Heap;
  return { heapUsed, external, rss };
}
