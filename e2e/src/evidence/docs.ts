import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceBlock } from "@metadata-mirror/figures";

/** Figures for a page of docs/. */
export interface Evidence {
  /** Of the file in docs/figures, without its ending. */
  readonly figure: string;
  readonly svg: string;
  /** What the blocks of the page hold, by their names. */
  readonly blocks: Readonly<Record<string, string>>;
}

const docs = join(import.meta.dirname, "../../../docs");

/** Writes figures into docs/freshness.md, and the plot beside it. */
export async function writeDocs({ figure, svg, blocks }: Evidence): Promise<void> {
  const page = join(docs, "freshness.md");
  let text = await readFile(page, "utf8");
  for (const [name, content] of Object.entries(blocks)) text = replaceBlock(text, name, content);
  await mkdir(join(docs, "figures"), { recursive: true });
  await writeFile(join(docs, "figures", `${figure}.svg`), svg);
  await writeFile(page, text);
}
