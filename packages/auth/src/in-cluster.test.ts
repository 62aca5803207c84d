import { mkdtempDisposable, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { first, second } from "../test/certificates.ts";
import { kubeletVolume } from "../test/kubeconfig-folder.ts";
import { inClusterByDns, inClusterByEnvironment, podNamespace } from "./in-cluster.ts";

async function serviceAccount(files: Readonly<Record<string, string>>) {
  const directory = await mkdtempDisposable(join(tmpdir(), "service-account-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory.path, name), text);
  return { directory: directory.path, now: () => 0, [Symbol.asyncDispose]: () => directory.remove() };
}

const files = { token: "secret\n", "ca.crt": first.cert, namespace: "shop\n" };
const env = { KUBERNETES_SERVICE_HOST: "10.96.0.1", KUBERNETES_SERVICE_PORT: "443" };

test("a pod's environment and its service account make credentials", async () => {
  await using account = await serviceAccount(files);
  const credentials = await inClusterByEnvironment(env, account);
  expect(credentials).toMatchObject({
    server: "https://10.96.0.1:443",
    namespace: "shop",
    source: "in-cluster (environment)",
    warnings: [],
  });
  expect(await credentials.tls()).toEqual({ ca: first.cert, insecureSkipTLSVerify: false });
  expect(await credentials.token()).toBe("secret");
});

test("an IPv6 host is put in brackets", async () => {
  await using account = await serviceAccount(files);
  const credentials = await inClusterByEnvironment({ ...env, KUBERNETES_SERVICE_HOST: "fd00::1" }, account);
  expect(credentials.server).toBe("https://[fd00::1]:443");
});

test("without a namespace file the namespace is default", async () => {
  await using account = await serviceAccount({ token: "secret", "ca.crt": first.cert });
  expect((await inClusterByEnvironment(env, account)).namespace).toBe("default");
});

test("outside a pod the environment is what is missing", async () => {
  await using account = await serviceAccount(files);
  await expect(inClusterByEnvironment({}, account)).rejects.toThrow("KUBERNETES_SERVICE_HOST");
  await expect(inClusterByEnvironment({ KUBERNETES_SERVICE_HOST: "10.96.0.1" }, account)).rejects.toThrow(
    "not in a pod",
  );
});

test.each(["token", "ca.crt"])("a service account without %s is an error that names the file", async (name) => {
  await using account = await serviceAccount(files);
  const path = join(account.directory, name);
  await rm(path);
  await expect(inClusterByEnvironment(env, account)).rejects.toThrow(path);
});

test("a pod whose environment was cleared finds the API server by its name in DNS", async () => {
  await using account = await serviceAccount(files);
  const credentials = await inClusterByDns(() => Promise.resolve("10.96.0.1"), account);
  expect(credentials).toMatchObject({ server: "https://kubernetes.default.svc", source: "in-cluster (DNS)" });
  await expect(inClusterByDns(() => Promise.reject(new Error("ENOTFOUND")), account)).rejects.toThrow(
    "kubernetes.default.svc has no address (Error: ENOTFOUND)",
  );
});

test("a pod's namespace is that of its service account, else what its environment says, and outside a pod there is none", async () => {
  await using account = await serviceAccount(files);
  await using none = await serviceAccount({});
  const told = { POD_NAMESPACE: "shop-eu" };
  expect(await podNamespace(told, account.directory)).toBe("shop");
  expect(await podNamespace(told, none.directory)).toBe("shop-eu");
  for (const env of [{}, { POD_NAMESPACE: "" }]) expect(await podNamespace(env, none.directory)).toBeUndefined();
});

test("no name is looked up where there is no service account", async () => {
  await using account = await serviceAccount({});
  const asked: string[] = [];
  const lookup = (name: string) => Promise.resolve(asked.push(name));
  await expect(inClusterByDns(lookup, account)).rejects.toThrow(join(account.directory, "token"));
  expect(asked).toEqual([]);
});

test("what the kubelet rotates is followed within ten seconds, at once where it's asked for fresh", async () => {
  await using volume = await kubeletVolume(files);
  let now = 0;
  const credentials = await inClusterByEnvironment(env, { directory: volume.path("."), now: () => now });
  const tls = await credentials.tls();
  await volume.rotate({ ...files, token: "rotated\n", "ca.crt": second.cert });
  now = 9_999;
  expect(await credentials.token()).toBe("secret");
  expect(await credentials.tls()).toBe(tls);
  now = 10_000;
  expect(await credentials.token()).toBe("rotated");
  expect(await credentials.tls()).toEqual({ ca: second.cert, insecureSkipTLSVerify: false });

  await volume.rotate({ ...files, token: "again", "ca.crt": first.cert });
  expect(await credentials.token({ fresh: true })).toBe("again");
  expect(await credentials.tls({ fresh: true })).toEqual({ ca: first.cert, insecureSkipTLSVerify: false });
});

test("what to connect with is the same object until it has changed", async () => {
  await using volume = await kubeletVolume(files);
  let now = 0;
  const credentials = await inClusterByEnvironment(env, { directory: volume.path("."), now: () => now });
  const tls = await credentials.tls();
  await volume.rotate({ ...files, token: "rotated" });
  now = 10_000;
  expect(await credentials.tls()).toBe(tls);
  expect(await credentials.tls({ fresh: true })).toBe(tls);
  await volume.rotate({ ...files, "ca.crt": second.cert });
  expect(await credentials.tls({ fresh: true })).not.toBe(tls);
});

test("files that are gone, or half written, leave what was last read, unless it has to be fresh", async () => {
  await using volume = await kubeletVolume(files);
  let now = 0;
  const credentials = await inClusterByEnvironment(env, { directory: volume.path("."), now: () => now });
  const tls = await credentials.tls();
  for (const broken of [{}, { token: "\n", "ca.crt": "" }, { token: " ", "ca.crt": first.cert.slice(0, 200) }]) {
    await volume.rotate(broken);
    now += 10_000;
    expect(await credentials.token()).toBe("secret");
    expect(await credentials.tls()).toBe(tls);
    await expect(credentials.token({ fresh: true })).rejects.toThrow(volume.path("token"));
    await expect(credentials.tls({ fresh: true })).rejects.toThrow(volume.path("ca.crt"));
  }
});

test("without verification no authority is needed, and the credentials warn of it", async () => {
  await using account = await serviceAccount({ token: "secret" });
  const credentials = await inClusterByEnvironment(env, { ...account, insecureSkipTLSVerify: true });
  expect(await credentials.tls()).toEqual({ insecureSkipTLSVerify: true });
  expect(await credentials.tls({ fresh: true })).toBe(await credentials.tls());
  expect(credentials.warnings).toEqual([expect.stringContaining("TLS verification of https://10.96.0.1:443 is off")]);
});
