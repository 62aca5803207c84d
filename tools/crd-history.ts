import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

/** The CRDs that there have been: a folder for each change of a schema, numbered, with an object of every field beside. */
export const crdHistory = new URL("../packages/metadata-model/testdata/crd-history/", import.meta.url);

/** The newest folder of the history. */
export function newestGeneration(): string {
  return readdirSync(crdHistory).sort().at(-1) ?? "";
}

/** A CRD as the newest folder of the history has it. */
export function newestKnown(plural: string): unknown {
  return parse(readFileSync(new URL(`${newestGeneration()}/${plural}.crd.yaml`, crdHistory), "utf8"));
}

/** A CRD without its prose, which no stored object depends on. */
export function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([name, inner]) => name !== "description" || typeof inner !== "string");
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutDescriptions(inner)]));
}
