import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeFlags } from "./contestant.ts";

test("the ambassador is measured with the flags that its image has", () => {
  const dockerfile = readFileSync(join(import.meta.dirname, "../../../Dockerfile"), "utf8");
  const [, ofAmbassador = ""] = dockerfile.split("FROM runtime AS ambassador");
  const entrypoint = /^ENTRYPOINT (.*)$/m.exec(ofAmbassador)?.[1] ?? "";
  expect(JSON.parse(entrypoint)).toEqual(["node", ...nodeFlags, "/app/main.mjs"]);
});
