import { join } from "node:path";
import { type Host, type Report, run } from "./host.ts";
import { buildImage } from "./image.ts";
import type { NodeBase } from "./node-base.ts";

const root = join(import.meta.dirname, "../..");
const e2e = join(root, "e2e");

/** The images that are built of this checkout, under the names that deploy/ and docs/examples have for them. */
export const workspaceImages = {
  operator: "metadata-mirror/operator:0.1.0",
  ambassador: "metadata-mirror/ambassador:0.1.0",
  clientLibrary: "metadata-mirror/client-library:0.1.0",
  followPeers: "metadata-mirror/follow-peers:0.1.0",
  watchFile: "metadata-mirror/watch-file:0.1.0",
} as const;

/** Those that are a program of e2e/programs, by its folder. */
const programs = {
  "client-library": workspaceImages.clientLibrary,
  "follow-peers": workspaceImages.followPeers,
  "watch-file": workspaceImages.watchFile,
};

/** Builds them as docs/ says; on the public images that their Dockerfiles name where `base` is undefined. */
export async function buildWorkspaceImages(host: Host, base: NodeBase | undefined, report: Report): Promise<void> {
  const args = base === undefined ? {} : { BASE: base.runtime };
  for (const target of ["operator", "ambassador"] as const) {
    const build = base === undefined ? {} : { BUILD_BASE: base.build };
    await buildImage(host, root, { tag: workspaceImages[target], target, args: { ...args, ...build } }, report);
  }
  await run(host, join(e2e, "node_modules/.bin/rolldown"), ["-c"], { cwd: e2e, report });
  const file = join(e2e, "programs/Dockerfile");
  for (const [program, tag] of Object.entries(programs)) {
    await buildImage(host, join(e2e, "dist", program), { tag, file, args }, report);
  }
}
