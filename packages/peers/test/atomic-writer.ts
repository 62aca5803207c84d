import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** The files of a volume, by name. */
export type Payload = Readonly<Record<string, string>>;

/**
 * Writes a volume as the kubelet does: step by step what `Write` of Kubernetes' `pkg/volume/util/atomic_writer.go` (1.35) does, for files without
 * folders. The numbers are those of its comments; permissions (7) are left out.
 */
export function writeVolume(directory: string, payload: Payload): void {
  const dataLink = join(directory, "..data");
  // 2
  const old = readLink(dataLink);
  // 3, 4
  const removed = old === undefined ? [] : readdirSync(join(directory, old)).filter((name) => !(name in payload));
  const isCurrent = old !== undefined && isWritten(payload, join(directory, old)) && removed.length === 0;
  if (!isCurrent) {
    // 5
    const stamp = new Date().toISOString().slice(0, 19).replaceAll(/[-T:]/g, "_");
    const created = mkdtempSync(join(directory, `..${stamp}.`));
    chmodSync(created, 0o755);
    // 6
    for (const [name, text] of Object.entries(payload)) {
      writeFileSync(join(created, name), text);
      chmodSync(join(created, name), 0o644);
    }
    // 8, 9
    symlinkSync(created.slice(directory.length + 1), join(directory, "..data_tmp"));
    renameSync(join(directory, "..data_tmp"), dataLink);
  }
  // 10
  for (const name of Object.keys(payload)) {
    if (readLink(join(directory, name)) === undefined) symlinkSync(join("..data", name), join(directory, name));
  }
  // 11
  for (const name of removed) unlinkSync(join(directory, name));
  // 12, which removes the files one by one
  if (!isCurrent && old !== undefined) rmSync(join(directory, old), { recursive: true });
}

function readLink(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false }) === undefined ? undefined : readlinkSync(path);
}

function isWritten(payload: Payload, directory: string): boolean {
  return Object.entries(payload).every(([name, text]) => {
    const path = join(directory, name);
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined && readFileSync(path, "utf8") === text;
  });
}
