import { mkdir, mkdtempDisposable, rename, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A temporary folder with these files; objects are written as JSON, which is YAML. */
export async function folderOf(files: Readonly<Record<string, unknown>>) {
  const directory = await mkdtempDisposable(join(tmpdir(), "kubeconfig-"));
  const path = (name: string): string => join(directory.path, name);
  const write = (name: string, content: unknown): Promise<void> =>
    writeFile(path(name), typeof content === "string" ? content : JSON.stringify(content));
  for (const [name, content] of Object.entries(files)) await write(name, content);
  return { path, write, [Symbol.asyncDispose]: () => directory.remove() };
}

/** A kubeconfig of one cluster, one user and one context, all of the name given. */
export function kubeconfigOf(name: string, user: unknown, cluster: object = {}, context: object = {}): object {
  return {
    "current-context": name,
    clusters: [{ name, cluster: { server: `https://${name}.example:6443`, ...cluster } }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name, ...context } }],
  };
}

/**
 * A volume as the kubelet writes it: the files are links into `..data`, which is itself a link to a folder, and is swapped as one
 * (k8s.io/kubernetes/pkg/volume/util/atomic_writer.go).
 */
export async function kubeletVolume(files: Readonly<Record<string, string>>) {
  const folder = await folderOf({});
  let count = 0;
  async function rotate(content: Readonly<Record<string, string>>): Promise<void> {
    const generation = `..${(count += 1)}`;
    await mkdir(folder.path(generation));
    for (const [name, text] of Object.entries(content)) await folder.write(`${generation}/${name}`, text);
    await symlink(generation, folder.path("..data_tmp"));
    await rename(folder.path("..data_tmp"), folder.path("..data"));
  }
  await rotate(files);
  for (const name of Object.keys(files)) await symlink(`..data/${name}`, folder.path(name));
  return { ...folder, rotate };
}
