import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The ENTRYPOINT that the Dockerfile has for the image of an app. */
export function entrypointOf(app: string): unknown {
  return JSON.parse(/^ENTRYPOINT (.*)$/m.exec(imageOf(app))?.[1] ?? "");
}

/** What it sets by ENV there, in one line. */
export function environmentOf(app: string): Readonly<Record<string, string>> {
  const variables = /^ENV (.*)$/m.exec(imageOf(app))?.[1]?.split(" ") ?? [];
  return Object.fromEntries(variables.map((variable) => variable.split("=") as [string, string]));
}

function imageOf(app: string): string {
  const dockerfile = readFileSync(join(import.meta.dirname, "../../../Dockerfile"), "utf8");
  const [, image = ""] = dockerfile.split(`FROM runtime AS ${app}\n`);
  return image.split("\nFROM ")[0] ?? "";
}
