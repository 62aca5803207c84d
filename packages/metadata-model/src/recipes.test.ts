// The templates that the documentation shows: testdata/recipes/<name>.liquid, and <name>.output for what it makes of the peers below. With
// UPDATE_TESTDATA=1 in the environment the outputs are written anew: read the diff.

import { spawnSync } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { env } from "node:process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { text } from "../test/arbitraries.ts";
import { haproxyWords } from "../test/haproxy-words.ts";
import { templatePeer } from "../test/template-peers.ts";
import { compileTemplate } from "./render/template.ts";
import type { TemplatePeer } from "./render/template-peer.ts";

const folder = join(import.meta.dirname, "../testdata/recipes");
const recipes = globSync("*.liquid", { cwd: folder }).toSorted();
const read = (file: string) => readFileSync(join(folder, file), "utf8");

function render(recipe: string, peers: readonly TemplatePeer[]): string {
  const result = compileTemplate(recipe, read(`${recipe}.liquid`)).render(peers, 1e6);
  if ("problem" in result) throw new Error(result.problem.message);
  return result.text;
}

const benign = [
  templatePeer({ podName: "web-1", podIP: "10.0.0.1", zone: "eu-1", weight: "3", labels: { app: "web" } }),
  templatePeer({ podName: "web-2", podIP: "fd00::2", zone: "it's", weight: "", labels: {} }),
  templatePeer({ podName: "web-3", podIP: "", zone: "", weight: "many", labels: { app: "web" } }),
];

describe("a recipe makes what its golden file holds", () => {
  test.each(recipes)("%s", (file) => {
    const output = join(folder, file.replace(".liquid", ".output"));
    const made = render(file.replace(".liquid", ""), benign);
    if (env["UPDATE_TESTDATA"] === "1") writeFileSync(output, made);
    expect(made).toBe(readFileSync(output, "utf8"));
  });

  test("and the documentation shows them all, as they are", () => {
    const page = readFileSync(join(import.meta.dirname, "../../../docs/formats.md"), "utf8");
    const shown = [...page.matchAll(/^```liquid\n(.*?)^```$/gms)].map(([, source]) => source);
    expect(shown.toSorted()).toEqual(recipes.map(read).toSorted());
  });

  test("and each golden file has its recipe", () => {
    const outputs = globSync("*.output", { cwd: folder }).map((file) => file.replace(".output", ".liquid"));
    expect(outputs.toSorted()).toEqual(recipes);
  });
});

/** What its reader finds in a document: values as the reader has them, so that one that became syntax is seen. */
const readers: Readonly<Record<string, (document: string) => unknown>> = {
  haproxy: (document) => document.trimEnd().split("\n").map(haproxyWords),
  nginx: (document) =>
    document.split("\n").map((line) => {
      const [, ip = "", weight] = /^ {2}server \[?([0-9a-f.:]+)\]?:8080 weight=(\d+);$/.exec(line) ?? [];
      return isIP(ip) > 0 ? [ip, Number(weight)] : line;
    }),
  shell: (document) => {
    const script = `${document}\nset | sed -n 's/^peer_\\([a-z0-9_]*\\)=.*/\\1/p'; printf '\\0'
      i=1; while [ $i -le "$peer_count" ]; do for n in name ip zone; do eval "printf '%s\\0' \\"\\$peer_\${i}_$n\\""; done; i=$((i+1)); done`;
    const { stdout, stderr } = spawnSync("sh", ["-c", script], { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
    const [names = "", ...values] = stdout.split("\0");
    return { stderr, names: names.trim().split("\n").toSorted(), values };
  },
  yaml: (document) => parse(document, { version: "1.1" }),
};

/** What a reader should find for peers: worked out without a template. */
const expectedOf: Readonly<Record<string, (peers: readonly TemplatePeer[]) => unknown>> = {
  haproxy: (peers) => {
    const word = (one: unknown) => String(one).replaceAll(/\p{Cc}/gu, " ");
    const address = (ip: unknown) => (String(ip).includes(":") ? `[${String(ip)}]:8080` : `${String(ip)}:8080`);
    const servers = peers
      .filter(({ podIP }) => podIP !== "")
      .map((one) => ["server", word(one["podName"]), address(one["podIP"]), "check", "cookie", word(one["zone"])]);
    return [["backend", "web"], ["balance", "roundrobin"], ...servers];
  },
  nginx: (peers) => {
    const weightOf = (one: unknown) => Math.min(100, Math.max(1, one === "" ? 1 : Math.floor(Number(one) || 0)));
    const servers = peers.filter(({ podIP }) => podIP !== "").map((one) => [one["podIP"], weightOf(one["weight"])]);
    return ["upstream web {", ...servers, "}", ""];
  },
  shell: (peers) => ({
    stderr: "",
    names: ["count", ...peers.flatMap((_, at) => ["name", "ip", "zone"].map((n) => `${at + 1}_${n}`))].toSorted(),
    values: [
      ...peers.flatMap((one) => [one["podName"], one["podIP"], one["zone"]].map((v) => String(v).replaceAll("\0", ""))),
      "",
    ],
  }),
  yaml: (peers) => ({
    peers: peers.map((one) => ({ name: one["podName"], ip: one["podIP"], zone: one["zone"], labels: one["labels"] })),
  }),
};

const hostile = fc.oneof(
  text.map((one) => one.toWellFormed()),
  fc.constantFrom(
    "a\n  server evil 1.2.3.4:80",
    "a\r\nglobal\n  lua-load /evil.lua",
    "x';touch /tmp/evil;'",
    "$(id)`id`\n",
    '"\n- name: evil',
    "a\u2028- name: evil",
    "${HOME} # \\",
    "3;}\nserver { listen 1; }",
    "1 backup",
    "3.5",
    "1e9",
  ),
);
const peers = fc.array(
  fc
    .record({
      podName: hostile,
      podIP: fc.constantFrom("", "10.0.0.1", "fd00::2"),
      zone: hostile,
      weight: hostile,
      labels: fc.dictionary(hostile, hostile, { noNullPrototype: true, maxKeys: 3 }),
    })
    .map(templatePeer),
  { maxLength: 4 },
);

describe("no value of a peer adds a line or a directive to a recipe, whatever is in it:", () => {
  test("the readers and what they should find are of the recipes", () => {
    const names = recipes.map((file) => file.replace(".liquid", ""));
    expect([Object.keys(readers).toSorted(), Object.keys(expectedOf).toSorted()]).toEqual([names, names]);
  });

  test.each(Object.keys(readers))("%s", (recipe) => {
    fc.assert(
      fc.property(peers, (some) => {
        expect(readers[recipe]?.(render(recipe, some))).toEqual(expectedOf[recipe]?.(some));
      }),
      { numRuns: 200 },
    );
  });
});
