import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { expect, test } from "vitest";
import { notKnown } from "./blocks.ts";
import { generatedDocs } from "./files.ts";

test("docs/performance.md and its plots are what the kept figures make them", async () => {
  for (const [path, text] of await generatedDocs()) {
    const name = relative(import.meta.dirname, path);
    expect([name, await readFile(path, "utf8").catch(() => "")]).toEqual([name, text]);
  }
});

test("each goal that the kept figures miss says what limits it", async () => {
  const [page = ""] = (await generatedDocs()).values();
  expect(page).not.toContain(notKnown);
});
