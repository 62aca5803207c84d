import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { first } from "./certificates.ts";
import { folderOf, kubeconfigOf } from "./kubeconfig-folder.ts";

/** Resolves credentials in a process of its own, and prints where they came from and what was imported on demand. */
const program = `
import { registerHooks } from "node:module";
const imported = [];
registerHooks({
  resolve(specifier, context, next) {
    if (["@kubernetes/client-node", "js-yaml"].includes(specifier)) imported.push(specifier);
    return next(specifier, context);
  },
});
const { resolve } = await import("@metadata-mirror/auth");
const { source } = await resolve({ env: process.env, serviceAccountDirectory: process.env.ACCOUNT });
console.log(JSON.stringify({ source, imported }));
`;

/** What an exec plugin answers. */
const credential = JSON.stringify({
  apiVersion: "client.authentication.k8s.io/v1",
  kind: "ExecCredential",
  status: { token: "t" },
});

interface Resolved {
  readonly source: string;
  readonly imported: readonly string[];
}

async function run(env: Readonly<Record<string, string>>): Promise<Resolved> {
  const args = ["--conditions=@metadata-mirror/source", "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname, env });
  return JSON.parse(stdout) as Resolved;
}

test("client-node, 50 MB of it, is imported only for a plugin, and YAML is only where a kubeconfig is read", async () => {
  const user = { exec: { apiVersion: "client.authentication.k8s.io/v1", command: "echo", args: [credential] } };
  await using folder = await folderOf({
    token: "secret",
    "ca.crt": first.cert,
    config: kubeconfigOf("kind", { token: "t" }),
    plugin: kubeconfigOf("kind", user),
  });
  const pod = { ACCOUNT: folder.path("."), KUBERNETES_SERVICE_HOST: "10.96.0.1", KUBERNETES_SERVICE_PORT: "443" };
  expect(await run(pod)).toEqual({ source: "in-cluster (environment)", imported: [] });

  const ambassador = { KUBERNETES_AMBASSADOR: "http://localhost:8001" };
  expect(await run(ambassador)).toEqual({ source: "ambassador http://localhost:8001", imported: [] });

  const source = (name: string) => `kubeconfig ${folder.path(name)}, context kind`;
  expect(await run({ KUBECONFIG: folder.path("config") })).toEqual({ source: source("config"), imported: ["js-yaml"] });
  const { imported } = await run({ KUBECONFIG: folder.path("plugin"), PATH: process.env["PATH"] ?? "" });
  expect(imported).toContain("@kubernetes/client-node");
});
