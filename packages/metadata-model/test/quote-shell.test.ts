import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shellWord } from "../src/render/quote.ts";
import { text } from "./arbitraries.ts";

/** The shells that are here; `sh` always is. */
const shells = ["sh", "dash", "bash"].filter((shell) => spawnSync(shell, ["-c", ":"]).error === undefined);

test.each(shells)("a text is one word of %s, whatever is in it, but for NUL", (shell) => {
  const texts = fc.array(
    text.map((one) => one.toWellFormed()),
    { minLength: 1, maxLength: 20 },
  );
  fc.assert(
    fc.property(texts, (some) => {
      const script = `printf '%s\\0' ${some.map(shellWord).join(" ")}`;
      const { stdout, stderr } = spawnSync(shell, ["-c", script], {
        stdio: ["ignore", "pipe", "pipe"],
        encoding: "utf8",
      });
      expect(stderr).toBe("");
      expect(stdout.split("\0").slice(0, -1)).toEqual(some.map((one) => one.replaceAll("\0", "")));
    }),
    { numRuns: 100 },
  );
});
