import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replaceBlock } from "@metadata-mirror/figures";

/** Figures for a page of docs/. */
export interface Evidence {
  /** The name of the block in the page, and of the file in docs/figures, without its ending. */
  readonly figure: string;
  readonly svg: string;
  /** What the block holds. */
  readonly table: string;
}

const docs = join(import.meta.dirname, "../../../docs");

/** Writes figures into docs/freshness.md, and the plot beside it. */
export async function writeDocs({ figure, svg, table }: Evidence): Promise<void> {
  const page = join(docs, "freshness.md");
  const text = replaceBlock(await readFile(page, "utf8"), figure, table);
  await mkdir(join(docs, "figures"), { recursive: true });
  await writeFile(join(docs, "figures", `${figure}.svg`), svg);
  await writeFile(page, text);
}
