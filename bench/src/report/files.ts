import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceBlock } from "@metadata-mirror/figures";
import type { WorkloadResult } from "../result.ts";
import { blocksOf } from "./blocks.ts";
import { compactText } from "./compact.ts";
import { plotOf } from "./plots.ts";

const docs = join(import.meta.dirname, "../../../docs");
const page = join(docs, "performance.md");
const folder = join(docs, "figures/bench");

/** Keeps a result in docs/figures/bench, in place of what was kept of the same workload. */
export async function keepResult(result: WorkloadResult): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${result.id}.json`), compactText(result));
}

/** The results that are kept, in the order of their ids. */
async function keptResults(): Promise<readonly WorkloadResult[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const files = names.filter((name) => name.endsWith(".json")).toSorted((a, b) => (a < b ? -1 : 1));
  return Promise.all(
    files.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8")) as WorkloadResult),
  );
}

/** docs/performance.md and the plots beside it as the results that are kept make them: the text of each, by its path. */
export async function generatedDocs(): Promise<ReadonlyMap<string, string>> {
  const results = await keptResults();
  const blocks = [...blocksOf(results)];
  const text = blocks.reduce(
    (markdown, [name, content]) => replaceBlock(markdown, name, content),
    await readFile(page, "utf8"),
  );
  const plots = results.flatMap((result) => {
    const svg = plotOf(result);
    return svg === undefined ? [] : [[join(folder, `${result.id}.svg`), svg] as const];
  });
  return new Map([[page, text], ...plots]);
}

/** Writes them. */
export async function writeDocs(): Promise<void> {
  for (const [path, text] of await generatedDocs()) await writeFile(path, text);
}
