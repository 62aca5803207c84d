import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Access, type ControlPlane, startControlPlane } from "../src/control-plane.ts";
import { findBinary } from "../src/find-binary.ts";

/** On a machine that has never built the binaries, the first start takes minutes. */
const buildTimeoutMs = 20 * 60_000;
vi.setConfig({ testTimeout: 60_000, hookTimeout: buildTimeoutMs });

let controlPlane: ControlPlane;
/** TMPDIR of every control plane here, so that what is left over can be seen. */
let temporary: string;

function env() {
  return { ...process.env, TMPDIR: temporary };
}

const audit = [{ level: "RequestResponse", users: ["jane"], verbs: ["create"] }] as const;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), "control-plane-test-"));
  controlPlane = await startControlPlane({ env: env(), users: [{ name: "jane", groups: ["developers"] }], audit });
});
afterAll(async () => {
  await controlPlane?.[Symbol.asyncDispose]();
  await rm(temporary, { recursive: true });
});

/** JSON that is read without checks: each step down is an object, and the last a string. */
type Body = { [key: string]: Body } & string;

async function call(access: Omit<Access, "kubeconfig">, method: string, path: string, body?: object) {
  const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  const headers = { authorization: `Bearer ${access.token}`, "content-type": type };
  const sent = request(`${access.server}${path}`, { method, ca: access.ca, headers, agent: false });
  sent.end(body && JSON.stringify(body));
  const [response] = await once(sent, "response");
  return { status: response.statusCode as number, body: (await json(response)) as Body };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function createNamespace(access: Access, name: string) {
  return call(access, "POST", "/api/v1/namespaces", { metadata: { name } });
}

test("etcd tells how much it stores, each version of an object anew", async () => {
  const path = "/api/v1/namespaces/default/configmaps";
  const data = (character: string) => ({ data: { large: character.repeat(500_000) } });
  await call(controlPlane, "POST", path, { metadata: { name: "large" }, ...data("a") });
  const before = await controlPlane.etcdBytes();
  for (const character of ["b", "c", "d", "e"]) await call(controlPlane, "PATCH", `${path}/large`, data(character));
  // it commits each 100 ms
  const grown = async () => (await controlPlane.etcdBytes()) - before;
  await expect.poll(grown, { timeout: 10_000 }).toBeGreaterThan(2_000_000);
  // a version shares a page of its file with the one before it, and both are copied: what was there first is free at a later commit
  expect(await grown()).toBeLessThan(8_000_000);
});

test("the admin creates pods in a new namespace and patches their status", async () => {
  expect((await createNamespace(controlPlane, "shop")).status).toBe(201);
  const pods = "/api/v1/namespaces/shop/pods";
  const pod = { metadata: { name: "web" }, spec: { containers: [{ name: "main", image: "none" }] } };
  expect((await call(controlPlane, "POST", pods, pod)).status).toBe(201);
  const status = { phase: "Running", podIP: "10.0.0.7", podIPs: [{ ip: "10.0.0.7" }] };
  expect((await call(controlPlane, "PATCH", `${pods}/web/status`, { status })).status).toBe(200);
  expect((await call(controlPlane, "GET", `${pods}/web`)).body["status"]).toMatchObject(status);
});

test("an unknown token is refused with 401", async () => {
  const { status } = await call({ ...controlPlane, token: "unknown" }, "GET", "/api/v1/namespaces");
  expect(status).toBe(401);
});

test("a user is forbidden what RBAC does not grant, and allowed what it does", async () => {
  const jane = controlPlane.user("jane");
  const secrets = "/api/v1/namespaces/default/secrets";
  expect((await call(jane, "GET", secrets)).status).toBe(403);
  const group = "rbac.authorization.k8s.io";
  const rbac = `/apis/${group}/v1/namespaces/default`;
  const metadata = { name: "developers" };
  const rules = [{ apiGroups: [""], resources: ["secrets"], verbs: ["list"] }];
  await call(controlPlane, "POST", `${rbac}/roles`, { metadata, rules });
  await call(controlPlane, "POST", `${rbac}/rolebindings`, {
    metadata,
    roleRef: { apiGroup: group, kind: "Role", name: "developers" },
    subjects: [{ apiGroup: group, kind: "Group", name: "developers" }],
  });
  await expect.poll(async () => (await call(jane, "GET", secrets)).status).toBe(200);
});

test("what the rules ask for is in the audit log, with what was sent, and nothing else", async () => {
  const jane = controlPlane.user("jane");
  const review = { kind: "SelfSubjectReview", apiVersion: "authentication.k8s.io/v1" };
  await call(jane, "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", review);
  await call(jane, "GET", "/api");
  await createNamespace(controlPlane, "unheard-of");
  const lines = async () =>
    (await readFile(controlPlane.auditLogPath, "utf8")).split("\n").filter((line) => line !== "");
  await expect.poll(lines, { timeout: 10_000 }).toHaveLength(1);
  expect(JSON.parse((await lines())[0] ?? "")).toMatchObject({
    stage: "ResponseComplete",
    verb: "create",
    user: { username: "jane" },
    requestObject: review,
    responseStatus: { code: 201 },
  });
});

test("a user that was not named in the options is an error that says so", () => {
  expect(() => controlPlane.user("joe")).toThrow('no user "joe": name it in the users of startControlPlane');
});

test("a token of a service account, from TokenRequest, is that account", async () => {
  const accounts = "/api/v1/namespaces/default/serviceaccounts";
  await call(controlPlane, "POST", accounts, { metadata: { name: "robot" } });
  const { body } = await call(controlPlane, "POST", `${accounts}/robot/token`, {});
  const robot = { ...controlPlane, token: body["status"]?.["token"] as string };
  const review = await call(robot, "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
    kind: "SelfSubjectReview",
    apiVersion: "authentication.k8s.io/v1",
  });
  expect(review.body["status"]?.["userInfo"]?.["username"]).toBe("system:serviceaccount:default:robot");
});

test("the kubeconfig on disk is the admin's", async () => {
  expect(await readFile(controlPlane.kubeconfigPath, "utf8")).toBe(controlPlane.kubeconfig);
  expect(controlPlane.kubeconfig).toContain(controlPlane.token);
});

test("a restarted API server is another process with the same address, tokens and data", async () => {
  await createNamespace(controlPlane, "kept");
  const before = controlPlane.pids();
  await controlPlane.restartApiServer();
  expect(isAlive(before.apiServer)).toBe(false);
  expect(controlPlane.pids().etcd).toBe(before.etcd);
  expect((await call(controlPlane, "GET", "/api/v1/namespaces/kept")).status).toBe(200);
  expect((await call(controlPlane.user("jane"), "GET", "/api/v1/namespaces/kept")).status).toBe(403);
});

test("a restored checkpoint has never seen what came after it, and gives the same versions again", async () => {
  await createNamespace(controlPlane, "before");
  const checkpoint = await controlPlane.checkpoint();
  const first = await createNamespace(controlPlane, "after");
  const before = controlPlane.pids();
  await checkpoint.restore();
  expect(Object.values(before).filter(isAlive)).toEqual([]);
  expect((await call(controlPlane, "GET", "/api/v1/namespaces/before")).status).toBe(200);
  expect((await call(controlPlane, "GET", "/api/v1/namespaces/after")).status).toBe(404);
  const again = await createNamespace(controlPlane, "after");
  expect(again.status).toBe(201);
  expect(Math.abs(versionOf(again) - versionOf(first))).toBeLessThan(50);
});

const versionOf = ({ body }: { readonly body: Body }) => Number(body["metadata"]?.["resourceVersion"]);

test("while etcd stands still nothing is stored, and afterwards it is", async () => {
  const paused = controlPlane.pauseEtcd();
  const created = createNamespace(controlPlane, "waited-for");
  const isDone = created.then(() => true);
  const isLate = new Promise<false>((resolve) => setTimeout(() => resolve(false), 500));
  expect(await Promise.race([isDone, isLate])).toBe(false);
  paused[Symbol.dispose]();
  expect((await created).status).toBe(201);
});

test("two at once do not know each other, and disposing leaves no process and no directory", async () => {
  const others = await Promise.all([startControlPlane({ env: env() }), startControlPlane({ env: env() })]);
  const [one, two] = others;
  await createNamespace(one, "only-in-one");
  expect((await call(one, "GET", "/api/v1/namespaces/only-in-one")).status).toBe(200);
  expect((await call(two, "GET", "/api/v1/namespaces/only-in-one")).status).toBe(404);
  expect((await call({ ...two, token: one.token }, "GET", "/api")).status).toBe(401);

  await Promise.all(others.map((other) => other[Symbol.asyncDispose]()));
  expect(others.flatMap((other) => Object.values(other.pids())).filter(isAlive)).toEqual([]);
  expect(await readdir(temporary)).toHaveLength(1);
});

test("when our process is killed, the control plane goes too", async () => {
  const script = `
    import { startControlPlane } from ${JSON.stringify(join(import.meta.dirname, "../src/control-plane.ts"))};
    const controlPlane = await startControlPlane({ env: process.env });
    console.log(JSON.stringify([controlPlane.directory, Object.values(controlPlane.pids())]));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    env: env(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  const [directory, pids] = JSON.parse(String(line)) as [string, number[]];
  expect(pids.filter(isAlive)).toHaveLength(2);
  child.kill("SIGKILL");
  await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  await expect.poll(() => readdir(temporary), { timeout: 10_000 }).not.toContain(directory.split("/").at(-1));
});

/** A directory of binaries with the real etcd, and a kube-apiserver that does as the shell script says. */
async function assetsWith(script: string) {
  const assets = await mkdtemp(join(tmpdir(), "control-plane-assets-"));
  await symlink(await findBinary("etcd", { env: env() }), join(assets, "etcd"));
  await writeFile(join(assets, "kube-apiserver"), `#!/bin/sh\n${script}\n`);
  await chmod(join(assets, "kube-apiserver"), 0o755);
  const own = await mkdtemp(join(assets, "tmp-"));
  return {
    env: { ...env(), KUBEBUILDER_ASSETS: assets, TMPDIR: own },
    /** What the script wrote to `pid` beside itself, or "" before that. */
    readPid: () => readFile(join(assets, "pid"), "utf8").catch(() => ""),
    [Symbol.asyncDispose]: () => rm(assets, { recursive: true }),
  };
}

test("when the API server does not start, the error holds the end of its log, and the log stays", async () => {
  await using assets = await assetsWith('echo "flag $1 is bad" >&2; exit 3');
  const { message } = await startControlPlane({ env: assets.env }).then(
    () => expect.unreachable(),
    (error: Error) => error,
  );
  expect(message).toMatch(/^kube-apiserver did not become ready: it ended with exit code 3\n/);
  const [, logPath = "", said] = /The last lines of (.*):\n(.*)$/.exec(message) ?? [];
  expect(said).toMatch(/^flag --etcd-servers=.* is bad$/);
  expect(await readFile(logPath, "utf8")).toBe(`${said}\n`);
  expect(await readdir(join(logPath, ".."))).not.toContain("etcd");
});

test("a start that fails after both processes are ready leaves neither", async () => {
  const apiServer = await findBinary("kube-apiserver", { env: env() });
  const kubeconfigCannotBeWritten = 'cd "$(dirname "$0")"/tmp-*/control-plane-*; mkdir kubeconfig';
  const script = `echo $$ > "$(dirname "$0")/pid"; ${kubeconfigCannotBeWritten}; exec ${apiServer} "$@"`;
  await using assets = await assetsWith(script);
  await expect(startControlPlane({ env: assets.env })).rejects.toThrow("EISDIR");
  expect(isAlive(Number(await assets.readPid()))).toBe(false);
});

test("the signal ends a start that takes too long, and leaves nothing", async () => {
  await using assets = await assetsWith('echo $$ > "$(dirname "$0")/pid"; exec sleep 600');
  const stop = new AbortController();
  const starting = startControlPlane({ env: assets.env, signal: stop.signal });
  await expect.poll(assets.readPid, { timeout: 30_000 }).not.toBe("");
  stop.abort(new Error("enough"));
  await expect(starting).rejects.toThrow("enough");
  expect(isAlive(Number(await assets.readPid()))).toBe(false);
  expect(await readdir(assets.env.TMPDIR)).toEqual([]);
});

test("the command prints a kubeconfig, runs until SIGTERM, and leaves nothing", async () => {
  const main = join(import.meta.dirname, "../src/main.ts");
  const child = spawn(process.execPath, [main], { env: env(), stdio: ["ignore", "pipe", "ignore"] });
  const [printed] = await once(child.stdout, "data");
  const kubeconfigPath = /export KUBECONFIG=(.*)/.exec(String(printed))?.[1] ?? "";
  expect(await readFile(kubeconfigPath, "utf8")).toContain('current-context: "admin"');
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await readdir(temporary)).toHaveLength(1);
});
