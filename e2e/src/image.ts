import { createHash } from "node:crypto";
import { cp, mkdtempDisposable, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Host, type Report, run, succeeds } from "./host.ts";

/** What `docker build` copies from: a folder of `images/`, and files and folders of this machine under the names they get. */
export interface BuildContext {
  readonly folder: string;
  readonly files: Readonly<Record<string, string>>;
}

export interface BuildOptions {
  readonly tag: string;
  /** The Dockerfile; default the one in the folder. */
  readonly file?: string;
  /** The stage of the Dockerfile; default its last. */
  readonly target?: string;
  readonly args?: Readonly<Record<string, string>>;
}

/** Lays the context out in a temporary folder and hands that to `work`. */
export async function withContext<T>(
  { folder, files }: BuildContext,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  await using directory = await mkdtempDisposable(join(tmpdir(), "metadata-mirror-image-"));
  await cp(imageFolder(folder), directory.path, { recursive: true });
  for (const [name, source] of Object.entries(files)) {
    await cp(source, join(directory.path, name), { recursive: true, dereference: true });
  }
  return await work(directory.path);
}

/** `docker build` of a folder. */
export async function buildImage(
  host: Host,
  directory: string,
  { tag, file, target, args = {} }: BuildOptions,
  report: Report,
): Promise<void> {
  const buildArgs = Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  const dockerfile = file === undefined ? [] : ["--file", file];
  const stage = target === undefined ? [] : ["--target", target];
  await run(host, "docker", ["build", "--tag", tag, ...dockerfile, ...stage, ...buildArgs, directory], { report });
}

export function hasImage(host: Host, tag: string): Promise<boolean> {
  return succeeds(host, "docker", ["image", "inspect", tag]);
}

/** A short name for the contents of a folder of `images/` and whatever else goes into the image: 12 hexadecimal digits. */
export async function fingerprint(folder: string, ...inputs: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(inputs));
  for (const name of (await readdir(imageFolder(folder))).sort()) {
    hash.update(`\0${name}\0`).update(await readFile(join(imageFolder(folder), name)));
  }
  return hash.digest("hex").slice(0, 12);
}

function imageFolder(folder: string): string {
  return join(import.meta.dirname, "../images", folder);
}
