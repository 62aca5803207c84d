import { afterAll, beforeAll, expect, test } from "vitest";
import { kubectl } from "../src/cluster.ts";
import { commandsIn, exampleFile } from "./example.ts";
import { namesIn } from "./names-in.ts";
import { otherAuthority } from "./other-authority.ts";
import { host, useScene } from "./scene.ts";

const scene = useScene("token");
const example = "docs/examples/api-by-token.yaml";
const pod = "api-by-token";
/** The one namespace in which the API server's short name has an address. */
const inDefault = (...args: string[]) => kubectl(host, ["--namespace=default", ...args]);

const byVariables = "https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT";
const byName = "https://kubernetes.default.svc";
const ownPods = "/api/v1/namespaces/$NS/pods";

beforeAll(async () => {
  await Promise.all([scene.apply(example), inDefault("apply", "-f", exampleFile(example))]);
  await scene.ready(pod);
  await inDefault("wait", "--for=condition=Ready", "--timeout=60s", `pod/${pod}`);
});
afterAll(() => inDefault("delete", "-f", exampleFile(example), "--wait=false"));

const account = "/var/run/secrets/kubernetes.io/serviceaccount";
const setUp = `export CURL_CA_BUNDLE=${account}/ca.crt; TOKEN=$(cat ${account}/token); NS=$(cat ${account}/namespace)`;
const withToken = '-H "Authorization: Bearer $TOKEN"';

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** What curl in the pod is answered. Its arguments are text for a shell. */
async function ask(args: string, exec = scene.exec): Promise<Answer> {
  const written = await exec(pod, "sh", "-c", `${setUp}; curl -sS --write-out '\\n%{http_code}' ${args}`);
  const end = written.lastIndexOf("\n");
  return { status: Number(written.slice(end)), text: written.slice(0, end) };
}

/** What curl tells, where it is to fail before it has sent anything: how it went, and its exit code. */
async function askInVain(args: string): Promise<string> {
  const told = await ask(`-v ${args}`).then(
    ({ status }) => `it was answered with ${status}`,
    (error: Error) => error.message,
  );
  // with -v it tells of each line that it sends
  expect(told.split("\n").filter((line) => line.startsWith("> "))).toEqual([]);
  return told;
}

/** The message of the Status that the API server answers with. */
async function refusal(args: string): Promise<string> {
  const { status, text } = await ask(args);
  const { code, message } = JSON.parse(text) as { readonly code: number; readonly message: string };
  expect(code).toBe(status);
  return `${code} ${message}`;
}

test("the commands of the example list the pods of its own namespace, as kubectl does", async () => {
  const [, ...inPod] = await commandsIn(example);
  const written = await scene.exec(pod, "sh", "-c", inPod.join("\n"));
  const service = "{.spec.clusterIP} {.spec.ports[0].port}";
  const [address, port] = (await inDefault("get", "service", "kubernetes", `--output=jsonpath=${service}`)).split(" ");
  expect(written).toContain(`KUBERNETES_SERVICE_HOST=${address}\n`);
  expect(written).toContain(`KUBERNETES_SERVICE_PORT=${port}\n`);
  const lists = written.slice(written.indexOf("{")).split(/(?<=^\})(?=\{)/m);
  const byKubectl = namesIn(await scene.kubectl("get", "pods", "--output=json"));
  expect(byKubectl).toEqual([pod]);
  expect(lists.map(namesIn)).toEqual([byKubectl, byKubectl]);
});

test.each([byVariables, byName, "https://kubernetes.default", "https://kubernetes.default.svc.cluster.local"])(
  "%s is the API server, with the certificate that the pod's ca.crt vouches for",
  async (server) => {
    const { status, text } = await ask(`${withToken} ${server}${ownPods}`);
    expect([status, namesIn(text)]).toEqual([200, [pod]]);
  },
);

test("https://kubernetes is the API server in the namespace default, and nobody in others", async () => {
  const execInDefault = (name: string, ...command: string[]) => inDefault("exec", name, "--", ...command);
  const { status, text } = await ask(`${withToken} https://kubernetes${ownPods}`, execInDefault);
  expect([status, namesIn(text)]).toEqual([200, expect.arrayContaining([pod])]);
  expect(await askInVain(`${withToken} https://kubernetes${ownPods}`)).toContain("Could not resolve host: kubernetes");
});

test("every account may read which APIs there are; the root is for those with a right to it", async () => {
  const { status, text } = await ask(`${withToken} ${byName}/apis/batch/v1`);
  expect([status, JSON.parse(text)]).toEqual([200, expect.objectContaining({ groupVersion: "batch/v1" })]);
  expect(await refusal(`${withToken} ${byName}`)).toBe(
    `403 forbidden: User "system:serviceaccount:${scene.namespace}:${pod}" cannot get path "/"`,
  );
});

test("with -k it trusts whoever answers; without, it sends nothing to one that its authorities don't vouch for", async () => {
  const { status } = await ask(`-k ${withToken} ${byName}${ownPods}`);
  expect(status).toBe(200);
  await scene.exec(pod, "sh", "-c", 'echo "$0" > /tmp/wrong.crt', await otherAuthority());
  for (const server of [byVariables, byName]) {
    const told = await askInVain(`--cacert /tmp/wrong.crt ${withToken} ${server}${ownPods}`);
    // not by curl's last line: what a command writes just before it fails has been seen not to come through kubectl exec
    expect(told).toContain("exit code 60");
    expect(told).toContain("* SSL certificate problem: ");
  }
});

test("what no role allows is refused, with the verb and the resource", async () => {
  const user = `User "system:serviceaccount:${scene.namespace}:${pod}"`;
  expect(await refusal(`${withToken} ${byName}/api/v1/namespaces/$NS/services`)).toBe(
    `403 services is forbidden: ${user} cannot list resource "services" in API group "" in the namespace "${scene.namespace}"`,
  );
  expect(await refusal(`${withToken} ${byName}/api/v1/namespaces/default/pods`)).toBe(
    `403 pods is forbidden: ${user} cannot list resource "pods" in API group "" in the namespace "default"`,
  );
  expect(await refusal(`${withToken} -X DELETE ${byName}${ownPods}/${pod}`)).toBe(
    `403 pods "${pod}" is forbidden: ${user} cannot delete resource "pods" in API group "" in the namespace "${scene.namespace}"`,
  );
});

test("an account without a role may not list pods", async () => {
  const token = await scene.kubectl("create", "token", "default");
  expect(await refusal(`-H "Authorization: Bearer ${token}" ${byName}${ownPods}`)).toMatch(
    /^403 pods is forbidden: User "system:serviceaccount:.*:default" cannot list resource "pods"/,
  );
});

test("without a token one is nobody, and a token that isn't one is refused", async () => {
  expect(await refusal(`${byName}${ownPods}`)).toMatch(
    /^(401 |403 pods is forbidden: User "system:anonymous" cannot list)/,
  );
  expect(await refusal(`-H "Authorization: Bearer wrong" ${byName}${ownPods}`)).toBe("401 Unauthorized");
});
