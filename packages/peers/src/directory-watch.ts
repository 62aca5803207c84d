import { type FSWatcher, watch } from "node:fs";

/** Tells of changes in a directory while it's open, by what the system tells (inotify on Linux). */
export interface DirectoryWatch {
  /** Begins, where it hasn't. A directory that isn't there is no error: whoever reads it will say so. */
  readonly open: () => void;
  readonly close: () => void;
}

/** A watch that is not open. `onChange` gets the names of what comes, changes and goes; null where the system doesn't say. */
export function directoryWatch(directory: string, onChange: (name: string | null) => void): DirectoryWatch {
  let watcher: FSWatcher | undefined;
  const close = () => {
    watcher?.close();
    watcher = undefined;
  };
  return {
    open() {
      try {
        watcher ??= watch(directory, (_, name) => onChange(name)).on("error", close);
      } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
        const words = `${directory}: the system doesn't tell of its changes, it is only read from time to time`;
        throw new Error(`${words}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    },
    close,
  };
}
