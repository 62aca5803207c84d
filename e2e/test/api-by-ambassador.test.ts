import { beforeAll, expect, test } from "vitest";
import { startKubectl } from "./background.ts";
import { commandsIn } from "./example.ts";
import { namesIn } from "./names-in.ts";
import { otherAuthority } from "./other-authority.ts";
import { deadline, useScene } from "./scene.ts";
import { stepsIn } from "./step.ts";

const scene = useScene("ambassador");
const example = "docs/examples/api-by-ambassador.yaml";
const pod = "api-by-ambassador";
const token = "/var/run/secrets/kubernetes.io/serviceaccount/token";

beforeAll(async () => {
  await scene.kubectl("label", "namespace", scene.namespace, "pod-security.kubernetes.io/enforce=restricted");
  await scene.apply(example);
  await scene.ready(pod);
  await scene.kubectl("label", "namespace", scene.namespace, "pod-security.kubernetes.io/enforce-");
});

/** The message of the ambassador's own 403, whom the app asks in HTTP's own words: busybox's wget shows no body of an error. */
async function refusal(method: string, path: string, hostHeader = "localhost:8001"): Promise<string> {
  const head = `${method} ${path} HTTP/1.1\r\nHost: ${hostHeader}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
  const answer = await scene.exec(pod, "sh", "-c", 'printf %s "$0" | nc localhost 8001', head);
  expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  return (JSON.parse(answer.slice(answer.indexOf("{"))) as { readonly message: string }).message;
}

test("the commands of the example list the pods of its own namespace, as kubectl does, and read the pod itself", async () => {
  const [, list = "", own = ""] = await commandsIn(example);
  expect(namesIn(await scene.exec(pod, "sh", "-c", list))).toEqual([pod]);
  const byKubectl = await scene.kubectl("get", "pod", pod, "--output=json", "--show-managed-fields");
  expect(JSON.parse(await scene.exec(pod, "sh", "-c", own))).toEqual(JSON.parse(byKubectl));
});

test("the app has no token; the ambassador has one of its own, for ten minutes", async () => {
  await expect(scene.exec(pod, "cat", token)).rejects.toThrow("No such file or directory");
  const claims = `Buffer.from(fs.readFileSync('${token}', 'utf8').split('.')[1], 'base64url').toString()`;
  const read = await scene.kubectl("exec", pod, "--container=ambassador", "--", "node", "-p", claims);
  const { iat, exp, sub } = JSON.parse(read) as { readonly iat: number; readonly exp: number; readonly sub: string };
  expect([exp - iat, sub]).toEqual([600, `system:serviceaccount:${scene.namespace}:${pod}`]);
});

test("the ambassador takes less memory than the example asks for", async () => {
  const request = "{.spec.initContainers[0].resources.requests.memory}";
  expect(await scene.kubectl("get", "pod", pod, `--output=jsonpath=${request}`)).toBe("96Mi");
  const read = "/^VmRSS:\\s+(\\d+) kB$/m.exec(fs.readFileSync('/proc/1/status', 'utf8'))[1]";
  const kibibytes = await scene.kubectl("exec", pod, "--container=ambassador", "--", "node", "-p", read);
  expect(Number(kibibytes)).toBeLessThan(96 * 1024);
});

test("what it was not told to accept, it does not send on", async () => {
  const own = `/api/v1/namespaces/${scene.namespace}/pods`;
  const outside = "ambassador: GET is not sent on: the path is not one of --accept-paths";
  for (const path of ["/version", "/api/v1/pods", "/api/v1/namespaces/default/pods", `${own}/${pod}/log`]) {
    expect(await refusal("GET", path)).toBe(outside);
  }
  expect(await refusal("GET", `${own}/${pod}/exec?command=true`)).toBe(
    "ambassador: GET is not sent on: the path is one of --reject-paths",
  );
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
    expect(await refusal(method, `${own}/${pod}`)).toBe(
      `ambassador: ${method} is not sent on: ${method} changes things, and the ambassador is --read-only`,
    );
  }
  expect(await refusal("GET", own, "rebound.example.com")).toBe(
    'ambassador: GET is not sent on: the host "rebound.example.com" is not one of --accept-hosts',
  );
});

test("a watch shows what happens while it happens", async () => {
  const watch = "wget -qO- http://localhost:8001/api/v1/namespaces/$NAMESPACE/pods?watch=true";
  const exec = ["--namespace", scene.namespace, "exec", pod, "--container=main", "--"];
  await using watching = await startKubectl(...exec, "sh", "-c", watch);
  const seen = () =>
    watching
      .output()
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { type: string; object: { metadata: { labels?: Record<string, string> } } })
      .map(({ type, object }) => [type, object.metadata.labels?.["step"]]);
  await expect.poll(seen, deadline).toEqual([["ADDED", undefined]]);
  for (const step of ["1", "2"]) {
    await scene.kubectl("label", "pod", pod, "--overwrite", `step=${step}`);
    await expect.poll(seen, deadline).toContainEqual(["MODIFIED", step]);
  }
  expect(watching.exitCode()).toBeNull();
});

test("the app starts only once the API server has answered the ambassador, over a connection that it trusts", async () => {
  const path = "{.status.initContainerStatuses[0].started} {.status.containerStatuses[0].state}";
  expect(await scene.kubectl("get", "pod", pod, `--output=jsonpath=${path}`)).toMatch(/^true \{"running":/);
  await scene.apply("docs/examples/api-by-client-library.yaml");
  await scene.kubectl("create", "configmap", "wrong-ca", `--from-literal=ca.crt=${await otherAuthority()}`);
  await scene.apply("test/manifests/ambassadors.yaml");
  const logs = () => scene.kubectl("logs", "untrusting", "--container=ambassador").catch(() => "");
  await expect
    .poll(logs, deadline)
    .toContain("[unavailable] GET /version: the server's certificate is not signed by the authority we trust");
  expect(await scene.kubectl("get", "pod", "untrusting", `--output=jsonpath=${path}`)).toMatch(
    /^false \{"waiting":\{"reason":"PodInitializing"\}\}$/,
  );
});

test("with --read-only=false a client library lists, patches and watches through it, without a token", async () => {
  const { namespace } = scene;
  const steps = async () => stepsIn(await scene.kubectl("logs", "library", "--container=main").catch(() => ""));
  const ownPod = { step: "watch", change: "add", pod: "library" };
  await expect.poll(steps, deadline).toContainEqual(ownPod);
  const [found, list, patch] = await steps();
  expect(found).toMatchObject({
    server: "http://localhost:8001",
    source: "ambassador http://localhost:8001",
    namespace,
  });
  expect(list?.pods).toEqual(expect.arrayContaining([pod, "library"]));
  expect(patch).toEqual({ step: "patch", data: { pods: String(list?.pods?.length) } });

  // within its other flags, and within what the role allows
  const ask = async (method: string, path: string) => {
    const url = `http://localhost:8001/api/v1/namespaces/${namespace}/pods/library${path}`;
    const script = `fetch("${url}", { method: "${method}" }).then((answer) => answer.json()).then(({ message }) => console.log(message))`;
    return scene.exec("library", "node", "--eval", script);
  };
  expect(await ask("POST", "/exec?command=true")).toContain(
    "ambassador: POST is not sent on: the path is one of --reject-paths",
  );
  const user = `User "system:serviceaccount:${namespace}:client-library"`;
  expect(await ask("DELETE", "")).toContain(`pods "library" is forbidden: ${user} cannot delete resource "pods"`);
});
