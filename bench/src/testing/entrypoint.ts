import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The ENTRYPOINT that the Dockerfile has for the image of an app. */
export function entrypointOf(app: string): unknown {
  const dockerfile = readFileSync(join(import.meta.dirname, "../../../Dockerfile"), "utf8");
  const [, image = ""] = dockerfile.split(`FROM runtime AS ${app}`);
  return JSON.parse(/^ENTRYPOINT (.*)$/m.exec(image)?.[1] ?? "");
}
