import { readFile } from "node:fs/promises";
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
