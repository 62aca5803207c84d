import { readFile } from "node:fs/promises";
import { inspect } from "node:util";
import { expect, test } from "vitest";
import { fromKubeconfig } from "../src/kubeconfig.ts";
import { folderOf, kubeconfigOf } from "./kubeconfig-folder.ts";

/** Appends a line to `runs`, and answers with the token `<line number>-<apiVersion it was asked for>`. */
const plugin = `
import { appendFileSync, readFileSync } from "node:fs";
const runs = process.argv[2];
appendFileSync(runs, "run\\n");
const count = readFileSync(runs, "utf8").split("\\n").length - 1;
const { apiVersion } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
const status = { token: count + "-" + apiVersion, clientCertificateData: "CERT", clientKeyData: "KEY" };
console.log(JSON.stringify({ apiVersion, kind: "ExecCredential", status }));
`;

const apiVersion = "client.authentication.k8s.io/v1";
const now = (): number => 0;

test("an exec plugin is run once for all, and again for a fresh token, once for however many ask", async () => {
  await using folder = await folderOf({ "plugin.mjs": plugin });
  const args = [folder.path("plugin.mjs"), folder.path("runs")];
  await folder.write("config", kubeconfigOf("eks", { exec: { apiVersion, command: process.execPath, args } }));

  const credentials = await fromKubeconfig([folder.path("config")], { now });
  expect(await credentials.tls()).toMatchObject({ cert: "CERT", key: "KEY" });
  expect(await credentials.token()).toBe(`1-${apiVersion}`);

  const fresh = await Promise.all([1, 2, 3].map(() => credentials.token({ fresh: true })));
  expect(fresh).toEqual([1, 2, 3].map(() => `2-${apiVersion}`));
  expect(await credentials.token()).toBe(`2-${apiVersion}`);
  expect(await readFile(folder.path("runs"), "utf8")).toBe("run\nrun\n");
});

test("fresh certificates come from a plugin that is asked anew, once for token and certificates together", async () => {
  const rotating = plugin.replace('"CERT"', '"CERT" + count').replace('"KEY"', '"KEY" + count');
  await using folder = await folderOf({ "plugin.mjs": rotating });
  const args = [folder.path("plugin.mjs"), folder.path("runs")];
  await folder.write("config", kubeconfigOf("eks", { exec: { apiVersion, command: process.execPath, args } }));
  let time = 0;
  const credentials = await fromKubeconfig([folder.path("config")], { now: () => time });
  const tls = await credentials.tls();
  expect(tls).toMatchObject({ cert: "CERT1", key: "KEY1" });
  expect(await credentials.tls()).toBe(tls);

  expect(await credentials.token({ fresh: true })).toBe(`2-${apiVersion}`);
  const renewed = await credentials.tls({ fresh: true });
  expect(renewed).toMatchObject({ cert: "CERT2", key: "KEY2" });
  expect(await credentials.tls()).toBe(renewed);
  time = 1_000;
  expect(await credentials.tls({ fresh: true })).toMatchObject({ cert: "CERT3", key: "KEY3" });
});

test("an answer that has expired is asked for again, once for however many ask", async () => {
  const expired = plugin.replace("const status = {", "const status = { expirationTimestamp: new Date(0),");
  await using folder = await folderOf({ "plugin.mjs": expired });
  const args = [folder.path("plugin.mjs"), folder.path("runs")];
  await folder.write("config", kubeconfigOf("eks", { exec: { apiVersion, command: process.execPath, args } }));
  const credentials = await fromKubeconfig([folder.path("config")], { now });
  const runs = async () => (await readFile(folder.path("runs"), "utf8")).split("\n").length - 1;
  const before = await runs();
  await Promise.all([1, 2, 3].map(() => credentials.token()));
  expect(await runs()).toBe(before + 1);
});

test("a plugin that fails or isn't installed is named, with its own words and its hint", async () => {
  const absent = { apiVersion, command: "no-such-plugin", installHint: "Install it from example.com." };
  const failing = {
    apiVersion,
    command: process.execPath,
    args: ["-e", "console.error('log in first'); process.exit(1)"],
  };
  await using folder = await folderOf({
    absent: kubeconfigOf("eks", { exec: absent }),
    failing: kubeconfigOf("eks", { exec: failing }),
  });
  await expect(fromKubeconfig([folder.path("absent")], { now })).rejects.toThrow(
    /the credential plugin no-such-plugin of user eks failed: .*ENOENT\nInstall it from example.com./,
  );
  await expect(fromKubeconfig([folder.path("failing")], { now })).rejects.toThrow("of user eks failed: log in first");
});

test("what a plugin prints instead of JSON isn't repeated: it may be a token", async () => {
  const exec = { apiVersion, command: process.execPath, args: ["-e", "console.log('secret')"] };
  await using folder = await folderOf({ config: kubeconfigOf("eks", { exec }) });
  const error = await fromKubeconfig([folder.path("config")], { now }).catch((thrown: unknown) => thrown);
  expect(inspect(error)).toContain("of user eks did not answer in JSON");
  expect(inspect(error)).not.toContain("secret");
});
