import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { defaultUserAgent } from "./user-agent.ts";

test("the user agent names the version of this package", async () => {
  const manifest = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  expect(defaultUserAgent).toBe(`metadata-mirror/${manifest.version}`);
});
