import { expect, test } from "vitest";
import { folderOf, kubeconfigOf } from "../test/kubeconfig-folder.ts";
import { fromKubeconfig } from "./kubeconfig.ts";

const now = (): number => 0;
const base64 = (text: string): string => Buffer.from(text).toString("base64");

test("a client certificate and an authority given as data come out as PEM texts", async () => {
  const user = { "client-certificate-data": base64("CERT"), "client-key-data": base64("KEY") };
  const cluster = { "certificate-authority-data": base64("CA"), "tls-server-name": "kubernetes" };
  await using folder = await folderOf({ config: kubeconfigOf("kind", user, cluster, { namespace: "shop" }) });

  const credentials = await fromKubeconfig([folder.path("config")], { now });
  expect(credentials).toMatchObject({
    server: "https://kind.example:6443",
    namespace: "shop",
    source: `kubeconfig ${folder.path("config")}, context kind`,
  });
  expect(await credentials.tls()).toEqual({
    ca: "CA",
    cert: "CERT",
    key: "KEY",
    serverName: "kubernetes",
    insecureSkipTLSVerify: false,
  });
  expect(await credentials.token()).toBeUndefined();
});

test("files named in a kubeconfig are found beside it", async () => {
  const user = { "client-certificate": "client.crt", "client-key": "client.key" };
  const config = kubeconfigOf("kind", user, { "certificate-authority": "ca.crt" });
  await using folder = await folderOf({ config, "ca.crt": "CA", "client.crt": "CERT", "client.key": "KEY" });
  const credentials = await fromKubeconfig([folder.path("config")], { now });
  expect(await credentials.tls()).toEqual({ ca: "CA", cert: "CERT", key: "KEY", insecureSkipTLSVerify: false });
});

test("a server keeps its path prefix and loses its last slash", async () => {
  const cluster = { server: "https://rancher.example/k8s/clusters/c-1//", "insecure-skip-tls-verify": true };
  await using folder = await folderOf({ config: kubeconfigOf("kind", {}, cluster) });
  const credentials = await fromKubeconfig([folder.path("config")], { now });
  expect(credentials).toMatchObject({
    server: "https://rancher.example/k8s/clusters/c-1",
    namespace: "default",
  });
  expect(await credentials.tls()).toEqual({ insecureSkipTLSVerify: true });
});

test("a context without a user is anonymous, and still checks the server", async () => {
  const config = { ...kubeconfigOf("kind", {}, { "certificate-authority-data": base64("CA") }), contexts: [] };
  const anonymous = { ...config, contexts: [{ name: "kind", context: { cluster: "kind" } }] };
  await using folder = await folderOf({ config: anonymous });
  const credentials = await fromKubeconfig([folder.path("config")], { now });
  expect(await credentials.tls()).toEqual({ ca: "CA", insecureSkipTLSVerify: false });
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
