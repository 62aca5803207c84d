import { inspect } from "node:util";
import { expect, test } from "vitest";
import { folderOf, kubeconfigOf } from "../test/kubeconfig-folder.ts";
import { readKubeconfig } from "./kubeconfig-files.ts";

test("of a name that is in two files, and of two current contexts, the first counts", async () => {
  await using folder = await folderOf({
    "a.yaml": kubeconfigOf("shared", { token: "first" }),
    "b.yaml": { ...kubeconfigOf("shared", { token: "second" }), "current-context": "other" },
  });
  const { user, context } = await readKubeconfig([folder.path("a.yaml"), folder.path("b.yaml")]);
  expect(user?.token).toBe("first");
  expect(context.name).toBe("shared");
});

test("of several files the missing and the empty are passed over", async () => {
  await using folder = await folderOf({ "a.yaml": kubeconfigOf("kind", { token: "t" }), "empty.yaml": "# nothing\n" });
  const files = ["missing.yaml", "empty.yaml", "a.yaml"].map(folder.path);
  expect((await readKubeconfig(files)).context.name).toBe("kind");
});

test("one entry that is broken doesn't keep the others from being used", async () => {
  const config = { ...kubeconfigOf("kind", { token: "t" }), users: [{ user: {} }, { name: "kind", user: null }] };
  await using folder = await folderOf({ config });
  expect((await readKubeconfig([folder.path("config")])).user?.name).toBe("kind");
});

test("a file that isn't there, or isn't YAML, is named", async () => {
  await using folder = await folderOf({ broken: "a: [" });
  await expect(readKubeconfig([folder.path("absent")])).rejects.toThrow(`there is no file ${folder.path("absent")}`);
  await expect(readKubeconfig([folder.path("broken")])).rejects.toThrow(`${folder.path("broken")} is no kubeconfig: `);
});

test("a kubeconfig that isn't YAML is an error that tells the line and quotes nothing of it", async () => {
  await using folder = await folderOf({ broken: "users:\n- name: a\n  user: {token: secret\nb: [" });
  const error = await readKubeconfig([folder.path("broken")]).catch((thrown: unknown) => thrown);
  expect(inspect(error)).toMatch(/is no kubeconfig: deficient indentation in line 4\n/);
  expect(inspect(error)).not.toContain("secret");
});

test("a file of several YAML documents is refused: one of them would be left out unseen", async () => {
  await using folder = await folderOf({ two: "a: 1\n---\nb: 2\n" });
  await expect(readKubeconfig([folder.path("two")])).rejects.toThrow(
    `${folder.path("two")} is no kubeconfig: it is one YAML document, and these are several`,
  );
});

test("a context that isn't there lists those that are", async () => {
  await using folder = await folderOf({ "a.yaml": kubeconfigOf("a", {}), "b.yaml": kubeconfigOf("b", {}) });
  const files = [folder.path("a.yaml"), folder.path("b.yaml")];
  await expect(readKubeconfig(files, "c")).rejects.toThrow("has no context c; it has: a, b");
});

test("what a context lacks is named: itself, its cluster, its user", async () => {
  const kind = kubeconfigOf("kind", {});
  await using folder = await folderOf({
    context: { ...kind, "current-context": "" },
    cluster: { ...kind, clusters: [] },
    user: { ...kind, users: null },
    empty: "",
  });
  const read = (name: string) => readKubeconfig([folder.path(name)]);
  await expect(read("context")).rejects.toThrow("has no current-context: name one of its contexts (kind)");
  await expect(read("cluster")).rejects.toThrow("context kind is of a cluster kind, which isn't there");
  await expect(read("user")).rejects.toThrow("context kind is of a user kind, who isn't there");
  await expect(read("empty")).rejects.toThrow("has no current-context: name one of its contexts (none)");
});
