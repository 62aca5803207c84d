import { expect, test } from "vitest";
import { first, second } from "../test/certificates.ts";
import { folderOf, kubeconfigOf } from "../test/kubeconfig-folder.ts";
import { fromKubeconfig } from "./kubeconfig.ts";

const now = (): number => 0;
const base64 = (text: string): string => Buffer.from(text).toString("base64");

test("a client certificate and an authority given as data come out as PEM texts", async () => {
  const user = { "client-certificate-data": base64(first.cert), "client-key-data": base64(first.key) };
  const cluster = { "certificate-authority-data": base64(second.cert), "tls-server-name": "kubernetes" };
  await using folder = await folderOf({ config: kubeconfigOf("kind", user, cluster, { namespace: "shop" }) });

  const credentials = await fromKubeconfig([folder.path("config")], { now });
  expect(credentials).toMatchObject({
    server: "https://kind.example:6443",
    namespace: "shop",
    source: `kubeconfig ${folder.path("config")}, context kind`,
  });
  expect(await credentials.tls()).toEqual({
    ca: second.cert,
    cert: first.cert,
    key: first.key,
    serverName: "kubernetes",
    insecureSkipTLSVerify: false,
  });
  expect(await credentials.token()).toBeUndefined();
});

/** A kubeconfig that names files beside it, and these. */
const config = kubeconfigOf(
  "kind",
  { "client-certificate": "client.crt", "client-key": "client.key" },
  { "certificate-authority": "ca.crt" },
);
const files = { "ca.crt": second.cert, "client.crt": first.cert, "client.key": first.key };

test("files named in a kubeconfig are found beside it", async () => {
  await using folder = await folderOf({ config, ...files });
  const credentials = await fromKubeconfig([folder.path("config")], { now });
  expect(await credentials.tls()).toEqual({
    ca: second.cert,
    cert: first.cert,
    key: first.key,
    insecureSkipTLSVerify: false,
  });
});

test("a server keeps its path prefix and loses its last slash", async () => {
  const cluster = { server: "https://rancher.example/k8s/clusters/c-1//", "insecure-skip-tls-verify": true };
  await using folder = await folderOf({ config: kubeconfigOf("kind", {}, cluster) });
  const credentials = await fromKubeconfig([folder.path("config")], { now });
  expect(credentials).toMatchObject({
    server: "https://rancher.example/k8s/clusters/c-1",
    namespace: "default",
    warnings: [expect.stringContaining("TLS verification of https://rancher.example/k8s/clusters/c-1 is off")],
  });
  expect(await credentials.tls()).toEqual({ insecureSkipTLSVerify: true });
});

test("a context without a user is anonymous, and still checks the server", async () => {
  const config = { ...kubeconfigOf("kind", {}, { "certificate-authority-data": base64(second.cert) }), contexts: [] };
  const anonymous = { ...config, contexts: [{ name: "kind", context: { cluster: "kind" } }] };
  await using folder = await folderOf({ config: anonymous });
  const credentials = await fromKubeconfig([folder.path("config")], { now });
  expect(await credentials.tls()).toEqual({ ca: second.cert, insecureSkipTLSVerify: false });
  expect(await credentials.token()).toBeUndefined();
});

test("a token written into the kubeconfig is read again when a fresh one is asked for", async () => {
  await using folder = await folderOf({ config: kubeconfigOf("kind", { token: "old" }) });
  const credentials = await fromKubeconfig([folder.path("config")], { now });
  expect(await credentials.token()).toBe("old");

  await folder.write("config", kubeconfigOf("kind", { token: "new" }));
  expect(await credentials.token()).toBe("old");
  expect(await credentials.token({ fresh: true })).toBe("new");
  expect(await credentials.token()).toBe("new");
});

test("a fresh token stays in its context when the user has switched to another", async () => {
  await using folder = await folderOf({
    "a.yaml": kubeconfigOf("a", { token: "of-a" }),
    "b.yaml": kubeconfigOf("b", { token: "of-b" }),
  });
  const files = [folder.path("a.yaml"), folder.path("b.yaml")];
  const credentials = await fromKubeconfig(files, { now });
  await folder.write("a.yaml", { ...kubeconfigOf("a", { token: "of-a-2" }), "current-context": "b" });
  expect(await credentials.token({ fresh: true })).toBe("of-a-2");
});

test("a token file is read trimmed, beside the kubeconfig, before a token", async () => {
  const config = kubeconfigOf("kind", { token: "written", tokenFile: "token" });
  await using folder = await folderOf({ config, token: "rotated\n" });
  const credentials = await fromKubeconfig([folder.path("config")], { now });
  expect(await credentials.token()).toBe("rotated");
  await folder.write("token", "again\n");
  expect(await credentials.token({ fresh: true })).toBe("again");
});

test("another context can be named than the current one", async () => {
  await using folder = await folderOf({
    "a.yaml": kubeconfigOf("a", { token: "of-a" }),
    "b.yaml": kubeconfigOf("b", { token: "of-b" }),
  });
  const credentials = await fromKubeconfig([folder.path("a.yaml"), folder.path("b.yaml")], { context: "b", now });
  expect(credentials.server).toBe("https://b.example:6443");
  expect(await credentials.token()).toBe("of-b");
});

test.each([
  ["an address without https", {}, { server: "localhost:6443" }, "begin it with https://"],
  ["a proxy", {}, { "proxy-url": "http://proxy:3128" }, "proxy-url is not supported"],
  ["impersonation", { token: "t", as: "jane" }, {}, "impersonation (as) is not supported"],
  ["basic auth", { username: "jane", password: "p" }, {}, "a user name with a password is not supported"],
])("%s is refused rather than left out", async (_, user, cluster, message) => {
  await using folder = await folderOf({ config: kubeconfigOf("kind", user, cluster) });
  await expect(fromKubeconfig([folder.path("config")], { now })).rejects.toThrow(message);
});

test("plain http to another machine is warned of, since the token goes in the clear", async () => {
  const far = kubeconfigOf("kind", { token: "t" }, { server: "http://10.0.0.1:8080" });
  const near = kubeconfigOf("kind", { token: "t" }, { server: "http://localhost:8080" });
  await using folder = await folderOf({ far, near });
  const warningsOf = async (name: string) => (await fromKubeconfig([folder.path(name)], { now })).warnings;
  expect(await warningsOf("far")).toEqual([expect.stringContaining("http://10.0.0.1:8080 is plain http to another")]);
  expect(await warningsOf("near")).toEqual([]);
});

test("files that a kubeconfig names are followed as they rotate, and the same ones are the same object", async () => {
  await using folder = await folderOf({ config, ...files });
  let time = 0;
  const credentials = await fromKubeconfig([folder.path("config")], { now: () => time });
  const tls = await credentials.tls();
  await folder.write("ca.crt", first.cert);
  time = 9_999;
  expect(await credentials.tls()).toBe(tls);
  time = 10_000;
  const rotated = await credentials.tls();
  expect(rotated).toEqual({ ...tls, ca: first.cert });
  time = 20_000;
  expect(await credentials.tls()).toBe(rotated);
  expect(await credentials.tls({ fresh: true })).toBe(rotated);

  await folder.write("client.crt", second.cert);
  await folder.write("client.key", second.key);
  expect(await credentials.tls({ fresh: true })).toEqual({ ...rotated, ...second });
});

test("a certificate that is new before its key is waited for, with the last pair", async () => {
  await using folder = await folderOf({ config, ...files });
  let time = 0;
  const credentials = await fromKubeconfig([folder.path("config")], { now: () => time });
  const tls = await credentials.tls();
  await folder.write("client.crt", second.cert);
  time = 10_000;
  expect(await credentials.tls()).toBe(tls);
  await expect(credentials.tls({ fresh: true })).rejects.toThrow(
    `the key of user kind (${folder.path("client.crt")}) is not that of its certificate`,
  );
  expect(await credentials.tls()).toBe(tls);
  await folder.write("client.key", second.key);
  expect(await credentials.tls({ fresh: true })).toEqual({ ...tls, ...second });
});

test("data written into a kubeconfig goes before the file that is named beside it", async () => {
  const cluster = { "certificate-authority-data": base64(first.cert), "certificate-authority": "absent" };
  await using folder = await folderOf({ config: kubeconfigOf("kind", { token: "t" }, cluster) });
  const credentials = await fromKubeconfig([folder.path("config")], { now });
  expect(await credentials.tls()).toEqual({ ca: first.cert, insecureSkipTLSVerify: false });
});

test.each([
  ["an authority that is none", {}, { "certificate-authority-data": base64("CA") }, "of cluster kind holds no PEM"],
  ["an authority that isn't there", {}, { "certificate-authority": "absent" }, "cannot read the authority file"],
  ["a certificate that isn't there", { "client-certificate": "absent" }, {}, "cannot read the client certificate"],
  [
    "a certificate without a key",
    { "client-certificate-data": base64(first.cert) },
    {},
    "user kind has a client certificate without a key",
  ],
  ["a token file that isn't there", { tokenFile: "absent" }, {}, "cannot read the token file"],
])("%s is an error at the start", async (_, user, cluster, message) => {
  await using folder = await folderOf({ config: kubeconfigOf("kind", user, cluster) });
  await expect(fromKubeconfig([folder.path("config")], { now })).rejects.toThrow(message);
});

test("a kubeconfig that is broken meanwhile, or of another server, keeps what was read and is an error when fresh", async () => {
  const good = kubeconfigOf("kind", { token: "old" });
  await using folder = await folderOf({ config: good });
  const credentials = await fromKubeconfig([folder.path("config")], { now });
  for (const [content, message] of [
    ["a: [", "is no kubeconfig"],
    [kubeconfigOf("kind", { token: "t", as: "jane" }), "impersonation"],
    [kubeconfigOf("kind", { token: "t" }, { server: "https://other:6443" }), "https://other:6443 by now"],
  ] as const) {
    await folder.write("config", content);
    await expect(credentials.token({ fresh: true })).rejects.toThrow(message);
    expect(await credentials.token()).toBe("old");
  }
});
