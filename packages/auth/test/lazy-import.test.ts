import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { first } from "./certificates.ts";
import { folderOf, kubeconfigOf } from "./kubeconfig-folder.ts";

/** Resolves credentials in a process of its own, and prints where they came from and whether client-node was imported. */
const program = `
import { registerHooks } from "node:module";
let imported = false;
registerHooks({
  resolve(specifier, context, next) {
    imported ||= specifier === "@kubernetes/client-node";
    return next(specifier, context);
  },
});
const { resolve } = await import("@metadata-mirror/auth");
const { source } = await resolve({ env: process.env, serviceAccountDirectory: process.env.ACCOUNT });
console.log(JSON.stringify({ source, imported }));
`;

async function run(env: Readonly<Record<string, string>>): Promise<unknown> {
  const args = ["--conditions=@metadata-mirror/source", "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname, env });
  return JSON.parse(stdout);
}

test("client-node, 88 MB of it, is imported only where a kubeconfig is read", async () => {
  await using folder = await folderOf({
    token: "secret",
    "ca.crt": first.cert,
    config: kubeconfigOf("kind", { token: "t" }),
  });
  const pod = { ACCOUNT: folder.path("."), KUBERNETES_SERVICE_HOST: "10.96.0.1", KUBERNETES_SERVICE_PORT: "443" };
  expect(await run(pod)).toEqual({ source: "in-cluster (environment)", imported: false });

  const ambassador = { KUBERNETES_AMBASSADOR: "http://localhost:8001" };
  expect(await run(ambassador)).toEqual({ source: "ambassador http://localhost:8001", imported: false });

  const source = `kubeconfig ${folder.path("config")}, context kind`;
  expect(await run({ KUBECONFIG: folder.path("config") })).toEqual({ source, imported: true });
});
