import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { connect, namespaces } from "@metadata-mirror/api-client";
import { type ControlPlane, startControlPlane } from "@metadata-mirror/control-plane";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rawHttp } from "./raw-http.ts";
import { credentialsOf } from "./rig.ts";

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const node = ["--conditions=@metadata-mirror/source", main];

/** The environment without what would lead the ambassador to another cluster. */
const env = { PATH: process.env["PATH"], HOME: "/nonexistent" };

let controlPlane: ControlPlane;
beforeAll(async () => {
  controlPlane = await startControlPlane({ env: process.env });
});
afterAll(() => controlPlane?.[Symbol.asyncDispose]());

function runToEnd(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, ...args], {
    encoding: "utf8",
    env,
    timeout: 30_000,
  });
  return { status, stdout, stderr };
}

/** An ambassador as a process of its own, once it is ready. */
async function startProcess(args: readonly string[], moreEnv: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [...node, "--port=0", "--health-port=0", ...args], {
    env: { ...env, ...moreEnv },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => lines.push(line));
  await expect.poll(() => lines.join("\n"), { timeout: 30_000 }).toContain('"msg":"ready"');
  return {
    port: Number(/"on":"127\.0\.0\.1:(\d+)"/.exec(lines.join("\n"))?.[1]),
    said: () => lines.join("\n"),
    async end(signal: NodeJS.Signals) {
      const exit = once(child, "exit");
      child.kill(signal);
      return (await exit) as [number | null, string | null];
    },
    [Symbol.asyncDispose]: async () => void (child.exitCode === null && child.kill("SIGKILL")),
  };
}

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

test.each(["SIGTERM", "SIGINT"] as const)(
  "it follows KUBECONFIG, tells what it does, and ends with 0 at %s",
  async (signal) => {
    const KUBECONFIG = controlPlane.kubeconfigPath;
    await using ambassador = await startProcess(["--log-level=debug"], { KUBECONFIG });
    const [answer] = await rawHttp(ambassador.port, get("/api/v1/namespaces/default?pretty=a-query"));
    expect(JSON.parse(answer?.body ?? "")).toMatchObject({ kind: "Namespace", metadata: { name: "default" } });
    expect((await rawHttp(ambassador.port, get("/api").replace("GET", "POST")))[0]?.status).toBe(403);
    expect(await ambassador.end(signal)).toEqual([0, null]);
    expect(ambassador.said()).toContain('"msg":"stopped"');
    expect(ambassador.said()).not.toContain(controlPlane.token);
    expect(ambassador.said()).not.toContain("a-query");
  },
);

/** Writes a kubeconfig of one context beside the control plane's own; answers its path. */
async function writeKubeconfig(name: string, user: object, cluster: object = {}): Promise<string> {
  const { directory, server } = controlPlane;
  const config = {
    "current-context": "a",
    clusters: [{ name: "a", cluster: { server, ...cluster } }],
    users: [{ name: "a", user }],
    contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
  };
  const file = join(directory, `${name}.kubeconfig`);
  await writeFile(file, JSON.stringify(config));
  return file;
}

const namespace = "tokens";
const selfReview = JSON.stringify({ apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" });

/** Service accounts that may do everything, and tokens of them that last ten minutes, the shortest that there is. */
async function createAccounts(...names: string[]) {
  await using client = connect(credentialsOf(controlPlane));
  const post = (path: string, body: object) => client.request({ method: "POST", path, body });
  await client.create(namespaces, { metadata: { name: namespace } });
  await post("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
    metadata: { name: namespace },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: `system:serviceaccounts:${namespace}` }],
  });
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  const create = async (name: string) => {
    await post(path, { metadata: { name } });
    const answer = await post(`${path}/${name}/token`, { spec: { expirationSeconds: 600 } });
    const { status } = answer as { readonly status: { readonly token: string } };
    return { path: `${path}/${name}`, token: status.token, user: `system:serviceaccount:${namespace}:${name}` };
  };
  return await Promise.all(names.map(create));
}

/** Whom the API server takes a client of the ambassador for. */
async function whoAmI(port: number): Promise<string> {
  const head = [
    "POST /apis/authentication.k8s.io/v1/selfsubjectreviews HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    `Content-Length: ${selfReview.length}`,
  ];
  const [answer] = await rawHttp(port, `${head.join("\r\n")}\r\n\r\n${selfReview}`);
  const { status } = JSON.parse(answer?.body ?? "{}") as { status: { userInfo?: { username: string } } };
  return status.userInfo?.username ?? "";
}

test("a projected token of ten minutes rotates under it, while a watch goes on", async () => {
  const [first, second] = await createAccounts("first", "second");
  const tokenFile = join(controlPlane.directory, "rotating-token");
  await writeFile(tokenFile, first?.token ?? "");
  const ca = { "certificate-authority-data": Buffer.from(controlPlane.ca).toString("base64") };
  const file = await writeKubeconfig("rotating", { tokenFile: "rotating-token" }, ca);
  await using ambassador = await startProcess([`--kubeconfig=${file}`, "--read-only=false"]);
  expect(await whoAmI(ambassador.port)).toBe(first?.user);

  const path = `/api/v1/namespaces/${namespace}/serviceaccounts?watch=true`;
  const watch = request({ host: "127.0.0.1", port: ambassador.port, path }).end();
  const [events] = (await once(watch, "response")) as [IncomingMessage];
  let seen = "";
  events.on("data", (chunk: Buffer) => (seen += chunk.toString()));

  await writeFile(tokenFile, `${second?.token}\n`);
  await using client = connect(credentialsOf(controlPlane));
  await client.request({ method: "DELETE", path: first?.path ?? "" });
  // the first one is sent until the file is looked at again, or until the API server refuses it
  await expect.poll(() => whoAmI(ambassador.port), { timeout: 20_000 }).toBe(second?.user);
  expect((await rawHttp(ambassador.port, get("/version")))[0]?.status).toBe(200);
  await expect.poll(() => seen).toContain('"type":"DELETED"');
  expect(events.readableEnded).toBe(false);
  watch.destroy();
  for (const account of [first, second]) expect(ambassador.said()).not.toContain(account?.token);
});

test("a flag can be given by its variable, and false is false there", async () => {
  const KUBECONFIG = controlPlane.kubeconfigPath;
  const variables = { AMBASSADOR_READ_ONLY: "false", AMBASSADOR_INSECURE_SKIP_TLS_VERIFY: "false" };
  await using ambassador = await startProcess([], { KUBECONFIG, ...variables });
  expect((await rawHttp(ambassador.port, get("/version").replace("GET", "POST")))[0]?.status).toBe(405);
  expect(ambassador.said()).not.toContain("is off");
});

test("trusting whoever answers has to be asked for, and is warned of", async () => {
  const file = await writeKubeconfig("without-ca", { token: controlPlane.token });
  await using ambassador = await startProcess([`--kubeconfig=${file}`, "--insecure-skip-tls-verify"]);
  expect((await rawHttp(ambassador.port, get("/version")))[0]?.status).toBe(200);
  expect(ambassador.said()).toMatch(/"level":40.*TLS verification of .* is off/);
});

test("without a way to a cluster it says what it tried, and ends with 1", () => {
  const { status, stderr } = runToEnd();
  expect(status).toBe(1);
  expect(stderr).toMatch(/^ambassador: Found no way to a Kubernetes API server\. Tried:\n- /);
});

test("a port that is taken is told, and it ends with 1", async () => {
  await using first = await startProcess([`--kubeconfig=${controlPlane.kubeconfigPath}`]);
  const args = [`--kubeconfig=${controlPlane.kubeconfigPath}`, `--port=${first.port}`];
  const { status, stderr } = runToEnd(...args);
  expect([status, stderr]).toEqual([1, expect.stringMatching(/^ambassador: .*EADDRINUSE.*127\.0\.0\.1/)]);
});

test.each([
  [["--reject-paths=("], "Give regular expressions of JavaScript"],
  [["--port=x"], "Give a port"],
  [["--unix-socket=/x", "--port=1"], "exclude each other"],
  [["--nonsense"], "unknown option '--nonsense'"],
  [["nonsense"], "too many arguments"],
])("%j ends with 1, and says what to give instead", (args, advice) => {
  expect(runToEnd(...args)).toEqual({ status: 1, stdout: "", stderr: expect.stringContaining(advice) });
});

test("--help teaches every flag", () => {
  const { status, stdout } = runToEnd("--help");
  expect(status).toBe(0);
  for (const flag of [
    "--accept-hosts",
    "--accept-paths",
    "--reject-paths",
    "--reject-methods",
    "--api-prefix",
    "--unix-socket",
    "--read-only",
    "--health-port",
  ]) {
    expect(stdout).toContain(flag);
  }
});
