import { existsSync, globSync, readFileSync } from "node:fs";
import { metadataGrantCrd, metadataMirrorCrd } from "@metadata-mirror/metadata-model";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { newestKnown, withoutDescriptions } from "./crd-history.ts";

const root = new URL("..", import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), "utf8");

test("every dependency takes its version from the catalog or from the workspace", () => {
  const manifests = ["package.json", ...globSync("{bench,e2e,soak,packages/*,apps/*}/package.json", { cwd: root })];
  expect(manifests.length).toBeGreaterThan(5);
  const loose = manifests.flatMap((file) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(read(file)) as Record<
      string,
      Record<string, string>
    >;
    return Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, range]) => range !== "catalog:" && range !== "workspace:*",
    );
  });
  expect(loose).toEqual([]);
});

test("the catalog's versions are exact", () => {
  const { catalog } = parse(read("pnpm-workspace.yaml")) as { catalog: Record<string, string> };
  expect(Object.entries(catalog).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test.each([metadataMirrorCrd(), metadataGrantCrd()])(
  "deploy/crds holds what `pnpm generate` writes: $metadata.name",
  (crd) => {
    expect(parse(read(`deploy/crds/${crd.spec.names.plural}.yaml`))).toEqual(JSON.parse(JSON.stringify(crd)));
  },
);

test.each([metadataMirrorCrd(), metadataGrantCrd()])(
  "the CRD history ends with today's schema: $metadata.name",
  (crd) => {
    expect(withoutDescriptions(newestKnown(crd.spec.names.plural))).toEqual(
      withoutDescriptions(JSON.parse(JSON.stringify(crd))),
    );
  },
);

test("the README's links lead to files", () => {
  const pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", ...globSync("docs/**/*.md", { cwd: root })];
  const broken = pages.flatMap((page) => {
    const links = [...read(page).matchAll(/\]\(([^)#:]+)\)/g)].map(
      ([, link = ""]) => new URL(link, new URL(page, root)),
    );
    return links.filter((link) => !existsSync(link)).map((link) => `${page}: ${link.pathname}`);
  });
  expect(broken).toEqual([]);
});
