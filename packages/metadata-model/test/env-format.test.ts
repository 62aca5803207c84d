import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claimSettler } from "../src/render/claims.ts";
import { envAggregate } from "../src/render/env.ts";
import { text } from "./arbitraries.ts";
import { dnsName, path } from "./arbitrary-world.ts";
import { dockerEnvFile } from "./docker-env-file.ts";
import { peerRecord, textItem } from "./peer-record.ts";
import { renderedPeer } from "./rendered-peer.ts";

/** Every shell that a consumer may have, as far as they are here; `sh` always is. */
const shells = [["sh"], ["dash"], ["bash"], ["bash", "--posix"], ["busybox", "sh"]].filter(
  ([command = ""]) => spawnSync(command, ["-c", ":"]).error === undefined,
);

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "env-format-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The variables that a shell has after it read `file`, but for those that it has by itself. Throws what it complains of. */
function shellVariables([command = "", ...options]: readonly string[], file: string): Map<string, string> {
  const script = 'set -a; . "$0"; exec /usr/bin/env -0';
  const { stdout, stderr, status } = spawnSync(command, [...options, "-c", script, file], {
    env: { PATH: process.env["PATH"] },
    encoding: "utf8",
    // with a socket there, which is what Node gives it, bash would read .bashrc
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (status !== 0 || stderr !== "") throw new Error(`${command} ended with ${status}: ${stderr}`);
  const entries = stdout.split("\0").filter((entry) => entry !== "");
  const own = new Set(["PATH", "PWD", "OLDPWD", "SHLVL", "_"]);
  return new Map(
    entries
      .map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)] as const)
      .filter(([name]) => !own.has(name)),
  );
}

const env = envAggregate("peers.env");

/** The document of the peers, as a plan makes it. */
function documentOf(peers: readonly Parameters<typeof peerRecord>[0][]): string {
  const rendered = peers.map((fields, index) =>
    renderedPeer(`#${index}`, { named: [env.fragment(peerRecord(fields)).text] }),
  );
  return env.document(claimSettler([env])(rendered).map(({ named }) => named[0] ?? ""));
}

/** Every printable character and some that aren't, so that what is let through is what is tried. */
const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 6,
});
const harmless = fc.string({ unit: fc.constantFrom(...Array.from("aZ09_@%+=:,./-")), maxLength: 12 });
const value = fc.oneof(
  { weight: 4, arbitrary: harmless },
  { weight: 3, arbitrary: printable },
  text.map((one) => one.toWellFormed()),
);
const peers = fc.array(
  fc
    .record({
      own: fc.boolean(),
      name: fc.oneof(dnsName, fc.constantFrom("a-b", "a.b", "0")),
      items: fc.array(fc.tuple(fc.oneof(path, fc.constantFrom("b_c", "c")), value), { maxLength: 8 }),
    })
    .map(({ items, ...fields }) => ({
      ...fields,
      namespace: fields.own ? "shop" : "shop-eu",
      items: items.map(([of, one]) => textItem(of, one)),
    })),
  { maxLength: 8 },
);

test("the shells that are tried are at least sh", () => {
  expect(shells).toContainEqual(["sh"]);
});

describe.each(shells.map((shell) => [shell.join(" "), shell] as const))("%s and Docker", (_, shell) => {
  test("read the same variables from a document, whatever the peers, and as many as it has lines", () => {
    const file = join(folder, "peers.env");
    let lines = 0;
    fc.assert(
      fc.property(peers, (some) => {
        const document = documentOf(some);
        writeFileSync(file, document);
        const variables = dockerEnvFile(readFileSync(file));
        expect(shellVariables(shell, file)).toEqual(variables);
        expect(variables.size).toBe(document.split("\n").length - 1);
        lines += variables.size;
      }),
      { numRuns: 100 },
    );
    expect(lines).toBeGreaterThan(100);
  });

  test("read the longest line that there may be", () => {
    const file = join(folder, "long.env");
    const document = documentOf([{ name: "a", items: [textItem("b", "x".repeat(65_535 - "A_B=".length))] }]);
    writeFileSync(file, document);
    expect(shellVariables(shell, file)).toEqual(dockerEnvFile(readFileSync(file)));
    expect(() => dockerEnvFile(Buffer.from(`${document.trimEnd()}x\n`))).toThrow("too long");
  });
});
