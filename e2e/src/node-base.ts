import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type { Host, Report } from "./host.ts";
import { buildImage, fingerprint, hasImage, withContext } from "./image.ts";

const folder = "node-base";

/** What the operator's image is built in and runs on, tags or names of images. */
export interface NodeBase {
  readonly build: string;
  readonly runtime: string;
}

/** Our Node.js and npm, which come from npm. */
export interface NodeInstallation {
  /** The path of the binary. */
  readonly executable: string;
  /** As `process.version` has it. */
  readonly version: string;
}

/** Certificates that this machine trusts: npm's registry may be behind a proxy of its own. */
const certificates = "/etc/ssl/certs/ca-certificates.crt";

function texts(...files: readonly string[]): Promise<readonly string[]> {
  return Promise.all(files.map((file) => readFile(file, "utf8")));
}

/** Makes sure of the images, made of Debian's packages and npm's, and answers their tags. */
export async function ensureNodeBase(
  host: Host,
  debian: string,
  node: NodeInstallation,
  report: Report,
): Promise<NodeBase> {
  const npm = createRequire(import.meta.url).resolve("npm/package.json");
  const key = await fingerprint(folder, debian, node.version, ...(await texts(npm, certificates)));
  const tags = { build: `metadata-mirror/node-build:${key}`, runtime: `metadata-mirror/node:${key}` };
  if ((await hasImage(host, tags.build)) && (await hasImage(host, tags.runtime))) return tags;

  const files = { node: node.executable, npm: dirname(npm), "ca-certificates.crt": certificates };
  await withContext({ folder, files }, async (directory) => {
    for (const target of ["build", "runtime"] as const) {
      await buildImage(host, directory, { tag: tags[target], target, args: { DEBIAN: debian } }, report);
    }
  });
  return tags;
}
