import { once } from "node:events";
import { mkdtempDisposable } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { writeVolume } from "./atomic-writer.ts";
import { restlessFiles } from "./restless-world.ts";

/** A volume that is written as fast as a thread of its own can. */
export interface RestlessVolume extends AsyncDisposable {
  readonly directory: string;
  /** Ends the writing; answers the generation that stays. */
  readonly stop: () => Promise<number>;
}

/** A volume in a temporary directory below `parent`, its first generation written. */
export async function restlessVolume(parent: string): Promise<RestlessVolume> {
  const folder = await mkdtempDisposable(join(parent, "metadata-mirror-peers-"));
  writeVolume(folder.path, restlessFiles(0));
  const worker = new Worker(new URL("./restless-writer.ts", import.meta.url), { workerData: folder.path });
  await once(worker, "online");
  return {
    directory: folder.path,
    async stop() {
      const answer = once(worker, "message");
      worker.postMessage("stop");
      const [last] = await answer;
      return Number(last);
    },
    async [Symbol.asyncDispose]() {
      await worker.terminate();
      await folder.remove();
    },
  };
}
