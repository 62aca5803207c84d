import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Payload, writeVolume } from "./atomic-writer.ts";

/** A mounted volume of one test. */
export interface Volume extends AsyncDisposable {
  readonly directory: string;
  /** Makes these its files, as the kubelet does. */
  readonly write: (payload: Payload) => void;
}

/** An empty volume in a temporary directory below `parent`. */
export async function emptyVolume(parent = tmpdir()): Promise<Volume> {
  const folder = await mkdtempDisposable(join(parent, "metadata-mirror-peers-"));
  return {
    directory: folder.path,
    write: (payload) => writeVolume(folder.path, payload),
    [Symbol.asyncDispose]: () => folder.remove(),
  };
}
