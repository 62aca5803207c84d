import { mkdir, mkdtempDisposable, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findBinary } from "./find-binary.ts";

/** A machine with some programs in some places, and a Go that writes the package's name instead of compiling it. */
async function machine(programs: readonly string[]) {
  const directory = await mkdtempDisposable(join(tmpdir(), "find-binary-"));
  const root = directory.path;
  for (const program of programs) {
    await mkdir(join(root, program, ".."), { recursive: true });
    await writeFile(join(root, program), "found", { mode: 0o755 });
  }
  const env = {
    KUBEBUILDER_ASSETS: join(root, "assets"),
    PATH: [join(root, "bin"), join(root, "usr/bin")].join(":"),
    HOME: root,
  };
  return { root, env, [Symbol.asyncDispose]: () => directory.remove() };
}

function fakeToolchain(program: { readonly package: string }) {
  return {
    key: async () => "k3y",
    build: (output: string) => writeFile(output, program.package, { mode: 0o755 }),
  };
}

test.for([
  ["KUBEBUILDER_ASSETS before PATH", ["assets/etcd", "bin/etcd"], "assets/etcd"],
  ["PATH when KUBEBUILDER_ASSETS has it not", ["assets/kube-apiserver", "usr/bin/etcd"], "usr/bin/etcd"],
  ["the first on PATH", ["bin/etcd", "usr/bin/etcd"], "bin/etcd"],
  ["the cache when neither has it", [".cache/metadata-mirror/k3y/etcd"], ".cache/metadata-mirror/k3y/etcd"],
] as const)("the binary is taken from %s", async ([, programs, expected]) => {
  await using here = await machine(programs);
  const found = await findBinary("etcd", { env: here.env }, fakeToolchain);
  expect(found).toBe(join(here.root, expected));
  expect(await readFile(found, "utf8")).toBe("found");
});

test("a binary that is nowhere is built into the cache", async () => {
  await using here = await machine([]);
  const found = await findBinary("kubectl", { env: here.env }, fakeToolchain);
  expect(found).toBe(join(here.root, ".cache/metadata-mirror/k3y/kubectl"));
  expect(await readFile(found, "utf8")).toBe("k8s.io/kubernetes/cmd/kubectl");
});

test("XDG_CACHE_HOME says where the cache is", async () => {
  await using here = await machine([]);
  const env = { ...here.env, XDG_CACHE_HOME: join(here.root, "xdg") };
  expect(await findBinary("etcd", { env }, fakeToolchain)).toBe(join(here.root, "xdg/metadata-mirror/k3y/etcd"));
});

test("a program of which only one version will do is never taken from elsewhere", async () => {
  await using here = await machine(["assets/downward-oracle", "bin/downward-oracle"]);
  const found = await findBinary("downward-oracle", { env: here.env }, fakeToolchain);
  expect(await readFile(found, "utf8")).toBe("./downward-oracle");
});

test("a program of another Go module is built into the cache too", async () => {
  await using here = await machine(["bin/floor"]);
  const floor = {
    name: "floor",
    directory: here.root,
    package: "./floor",
    expectedSeconds: 1,
    neededBytes: 1,
    anyVersion: false,
  };
  const found = await findBinary(floor, { env: here.env }, fakeToolchain);
  expect(found).toBe(join(here.root, ".cache/metadata-mirror/k3y/floor"));
  expect(await readFile(found, "utf8")).toBe("./floor");
});

test("what is built is reported with its name and how long it takes", async () => {
  await using here = await machine([]);
  const lines: string[] = [];
  await findBinary("kube-apiserver", { env: here.env, report: (line) => lines.push(line) }, fakeToolchain);
  expect(lines[0]).toBe("building kube-apiserver, once: about 250 s on 2 cores if nothing of it is cached");
});

test("a build removes the binaries of versions that nobody uses any more", async () => {
  const old = ".cache/metadata-mirror/0123456789abcdef";
  await using here = await machine([`${old}/etcd`]);
  const longAgo = new Date(0);
  for (const path of [`${old}/etcd`, old]) await utimes(join(here.root, path), longAgo, longAgo);
  await findBinary("etcd", { env: here.env }, fakeToolchain);
  expect(await readdir(join(here.root, ".cache/metadata-mirror"))).toEqual(["k3y"]);
});

test("without Go, the error says so", async () => {
  await using here = await machine([]);
  await expect(findBinary("etcd", { env: here.env })).rejects.toThrow("cannot build etcd: there is no Go on PATH");
});
