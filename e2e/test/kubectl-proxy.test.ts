import { once } from "node:events";
import { request } from "node:http";
import { poll } from "@metadata-mirror/control-plane";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Background, startKubectl } from "./background.ts";
import { namesIn } from "./names-in.ts";
import { host, useScene } from "./scene.ts";

const scene = useScene("proxy");
let proxy: Background | undefined;

/** Where it listens; undefined until it says so. */
function address(): string | undefined {
  return /^Starting to serve on (\S+)$/m.exec(proxy?.output() ?? "")?.[1];
}

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The status and the parsed body of the proxy's answer, or its text. */
async function ask(path: string, { method = "GET", headers = {} }: Asked = {}): Promise<readonly [number, unknown]> {
  const asked = request(`http://${address()}${path}`, { method, headers }).end();
  const [answer] = (await once(asked, "response")) as [NodeJS.ReadableStream & { statusCode: number }];
  let text = "";
  for await (const chunk of answer) text += String(chunk);
  return [answer.statusCode, text.startsWith("{") ? (JSON.parse(text) as unknown) : text];
}

beforeAll(async () => {
  proxy = await startKubectl("proxy", "--port=0");
  await scene.kubectl("create", "job", "hello", "--image=busybox:1.37", "--", "true");
  await scene.kubectl("wait", "--for=condition=Complete", "--timeout=60s", "job/hello");
  await poll(() => Promise.resolve(address()), { everyMs: 50, timeoutMs: 30_000, signal: host.signal });
});
afterAll(() => proxy?.[Symbol.asyncDispose]());

test("the root tells which paths there are", async () => {
  const paths = [
    "/api",
    "/api/v1",
    "/apis",
    "/apis/batch",
    "/apis/batch/v1",
    "/apis/metadatamirror.dev/v1alpha1",
    "/version",
  ];
  expect(await ask("/")).toEqual([200, { paths: expect.arrayContaining(paths) }]);
});

test("a group's version tells which resources it has, where they live, and what can be done to them", async () => {
  const jobs = {
    name: "jobs",
    kind: "Job",
    namespaced: true,
    verbs: expect.arrayContaining(["create", "get", "list", "watch"]),
  };
  expect(await ask("/apis/batch/v1")).toEqual([
    200,
    expect.objectContaining({
      groupVersion: "batch/v1",
      resources: expect.arrayContaining([
        expect.objectContaining(jobs),
        expect.objectContaining({ name: "jobs/status" }),
        expect.objectContaining({ name: "cronjobs" }),
      ]),
    }),
  ]);
});

test("a resource's path lists the objects of all namespaces", async () => {
  const [status, list] = await ask("/apis/batch/v1/jobs");
  expect([status, list]).toEqual([200, expect.objectContaining({ kind: "JobList" })]);
  expect(namesIn(JSON.stringify(list))).toContain("hello");
});

test("an object's path is the object that `kubectl get -o json` shows, which leaves its managed fields out", async () => {
  const get = ["get", "job", "hello", "--output=json", "--show-managed-fields"];
  const byKubectl: unknown = JSON.parse(await scene.kubectl(...get));
  expect(byKubectl).toMatchObject({ kind: "Job", metadata: { name: "hello" }, status: { succeeded: 1 } });
  expect(await ask(`/apis/batch/v1/namespaces/${scene.namespace}/jobs/hello`)).toEqual([200, byKubectl]);
});

test("what it refuses by itself: other hosts, and to exec into pods", async () => {
  expect(await ask("/version", { headers: { host: "rebound.example.com" } })).toEqual([403, "Forbidden\n"]);
  const exec = `/api/v1/namespaces/${scene.namespace}/pods/hello/exec?command=true`;
  expect(await ask(exec, { method: "POST" })).toEqual([403, "Forbidden\n"]);
});

test("all else it lets through, with the rights of whoever started it", async () => {
  const path = `/apis/batch/v1/namespaces/${scene.namespace}/jobs/hello`;
  expect(await ask(`${path}?dryRun=All`, { method: "DELETE" })).toEqual([200, expect.anything()]);
});
