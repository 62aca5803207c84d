import { readdir, readFile, readlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { PeersError } from "./peers-error.ts";

/** The link that the kubelet keeps to the directory of the newest files. */
export const dataLink = "..data";

/** A file that was read. */
export interface SnapshotFile {
  /** Its path as the user knows it, for errors. */
  readonly path: string;
  readonly name: string;
  readonly text: string;
}

/**
 * Reads the files of a mounted volume that `isWanted` names, all of one write of the kubelet: as they stood together at one moment
 * of the call. Files of a directory without `..data` are just read.
 *
 * The kubelet never changes a file. It writes all of them to a new directory, renames a link to that over `..data`, and only then removes
 * the old directory, file by file (Kubernetes' `pkg/volume/util/atomic_writer.go`, steps 5 to 12). So
 * the directory is found once, by the link, and the files are read in there. As long as the link is the same after the names have been
 * listed, nothing had been removed by then, and the list is whole: that is the moment. What is removed later is missed when it is read,
 * and then it all begins again with the newer files. It never begins again but for a write of the kubelet.
 *
 * @throws PeersError `no-file` where there is nothing to read; what the file system says otherwise.
 */
export async function readSnapshot(
  directory: string,
  isWanted: (name: string) => boolean,
): Promise<readonly SnapshotFile[]> {
  const read = async (from: string, name: string) => {
    const text = await readFile(join(from, name), "utf8");
    return { path: join(directory, name), name, text };
  };
  for (;;) {
    const current = await currentDirectory(directory);
    try {
      const names = (await readdir(current)).filter(isWanted);
      if ((await currentDirectory(directory)) !== current) continue;
      return await Promise.all(names.map((name) => read(current, name)));
    } catch (error) {
      if (!isMissing(error)) throw error;
      if ((await currentDirectory(directory)) !== current) continue;
      const words = `${error.path ?? current}: there is no such file or directory: is the volume mounted at ${directory}?`;
      throw new PeersError("no-file", words, { cause: error });
    }
  }
}

/** Where the newest files are: where `..data` leads, or the directory itself where there is no such link. */
async function currentDirectory(directory: string): Promise<string> {
  try {
    return resolve(directory, await readlink(join(directory, dataLink)));
  } catch (error) {
    if (isMissing(error)) return directory;
    throw error;
  }
}

function isMissing(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
