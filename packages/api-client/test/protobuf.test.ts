import { type ControlPlane, startControlPlane } from "@metadata-mirror/control-plane";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiError } from "../src/api-error.ts";
import { readBytes } from "../src/body.ts";
import { connect } from "../src/client.ts";
import { systemClock } from "../src/clock.ts";
import type { KubernetesObject } from "../src/kubernetes-object.ts";
import { readListPage } from "../src/protobuf/list-page.ts";
import { inline, many, message, one } from "../src/protobuf/message.ts";
import { WireError } from "../src/protobuf/wire.ts";
import { customResourceDefinitions, namespaces, pods } from "../src/resource.ts";
import { createTransport, type Transport } from "../src/transport.ts";
import { createWatchReader } from "../src/watch-line.ts";
import { eventually } from "./eventually.ts";
import { reflect } from "./reflection.ts";
import { anonymous } from "./scripted-server.ts";

let controlPlane: ControlPlane;
let transport: Transport;
/** Real answers: a list, and a watch with what it takes for it to be whole. */
let listed: Buffer;
let watched: Buffer;

const namespace = "shop";
const count = 12;
const accept = { accept: "application/vnd.kubernetes.protobuf" };
const unusual = { "a/b": "wöb-🐳\n", empty: "", long: "x".repeat(3_000) };

beforeAll(async () => {
  controlPlane = await startControlPlane({ env: process.env });
  transport = createTransport(credentials(), { clock: systemClock, userAgent: "test" });
  await using client = connect(credentials());
  await client.create(namespaces, { metadata: { name: namespace } });
  for (let index = 0; index < count; index += 1) {
    const metadata = { namespace, name: `web-${index}`, labels: { app: "web" }, annotations: unusual };
    const containers = [{ name: "main", image: "web", resources: { requests: { cpu: "100m" } } }];
    await client.create(pods, { metadata, spec: { containers, volumes: [{ name: "a", configMap: { name: "b" } }] } });
  }
  listed = await bytesOf({});
  const whole = { watch: "true", sendInitialEvents: "true", resourceVersionMatch: "NotOlderThan" };
  watched = await bytesOf({ ...whole, allowWatchBookmarks: "true", timeoutSeconds: "1" });
});
afterAll(async () => {
  await transport?.[Symbol.asyncDispose]();
  await controlPlane?.[Symbol.asyncDispose]();
});

function credentials() {
  const { server, ca, token } = controlPlane;
  return { ...anonymous(server, { ca, insecureSkipTLSVerify: false }), token: () => Promise.resolve(token) };
}

async function bytesOf(query: Readonly<Record<string, string>>): Promise<Buffer> {
  const request = {
    method: "GET",
    path: `/api/v1/namespaces/${namespace}/pods`,
    query,
    headers: accept,
    action: "test",
  };
  const { body, contentType } = await transport.send({ ...request, method: "GET" });
  expect(contentType).toContain("application/vnd.kubernetes.protobuf");
  return readBytes(body);
}

const wire = message({
  1: [
    "metadata",
    one(
      message({
        1: ["name", "text"],
        3: ["namespace", "text"],
        6: ["resourceVersion", "text"],
        11: ["labels", "texts"],
        12: ["annotations", "texts"],
      }),
    ),
  ],
  2: [
    "spec",
    one(
      message({
        1: [
          "volumes",
          many(
            message({
              1: ["name", "text"],
              2: [
                "",
                inline(
                  message({ 19: ["configMap", one(message({ 1: ["", inline(message({ 1: ["name", "text"] }))] }))] }),
                ),
              ],
            }),
          ),
        ],
        2: [
          "containers",
          many(message({ 1: ["name", "text"], 8: ["resources", one(message({ 2: ["requests", "quantities"] }))] })),
        ],
      }),
    ),
  ],
});

const options = { maxBytes: 1_000_000, action: "test" };
const contentType = "application/vnd.kubernetes.protobuf;stream=watch";

async function* inChunks(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const ends = [...cuts.map((cut) => cut % bytes.length), bytes.length].toSorted((a, b) => a - b);
  for (const [index, end] of ends.entries()) yield bytes.subarray(ends[index - 1] ?? 0, end);
}

const list = (bytes: Buffer, cuts: readonly number[]) => readListPage(wire, inChunks(bytes, cuts), options);

async function watch(bytes: Buffer, cuts: readonly number[]): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  const { read, end } = createWatchReader(contentType, wire, "test");
  for await (const chunk of inChunks(bytes, cuts)) lines.push(...read(chunk));
  lines.push(...end());
  return lines;
}

const cuts = fc.array(fc.nat(), { maxLength: 40 });

test("a real answer, cut in any way, has what the objects were created with", async () => {
  const expected = {
    metadata: { name: "web-0", namespace, labels: { app: "web" }, annotations: unusual },
    spec: {
      volumes: [{ name: "a", configMap: { name: "b" } }],
      containers: [{ name: "main", resources: { requests: { cpu: "100m" } } }],
    },
  };
  const page = await list(listed, []);
  expect(page.items).toHaveLength(count);
  expect(page.items[0]).toMatchObject(expected);
  const lines = await watch(watched, []);
  expect(lines[0]).toMatchObject({ type: "ADDED", object: expected });
  expect(lines.map((line) => (line as { type: string }).type)).toEqual([
    ...Array.from({ length: count }, () => "ADDED"),
    "BOOKMARK",
  ]);
  await fc.assert(
    fc.asyncProperty(cuts, async (places) => {
      expect(await list(listed, places)).toEqual(page);
      expect(await watch(watched, places)).toEqual(lines);
    }),
    { numRuns: 100 },
  );
});

test("a real answer that is changed or cut short anywhere is read or cleanly refused", async () => {
  const change = fc.record({ at: fc.nat(), to: fc.nat(255) });
  const changes = fc.array(change, { minLength: 1, maxLength: 5 });
  const refused = (error: unknown): boolean => error instanceof WireError || error instanceof ApiError;
  await fc.assert(
    fc.asyncProperty(changes, fc.option(fc.nat()), cuts, async (sample, end, places) => {
      for (const [answer, read] of [
        [listed, list],
        [watched, watch],
      ] as const) {
        const bytes = Buffer.from(answer).subarray(0, end === null ? undefined : end % answer.length);
        for (const { at, to } of sample) if (bytes.length > 0) bytes[at % bytes.length] = to;
        if (bytes.length === 0) continue;
        const outcome = await read(bytes, places).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(refused(outcome), String(outcome.stack)).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("custom resources, which the server has in JSON alone, are read as JSON", async () => {
  await using client = connect(credentials());
  const names = { plural: "widgets", kind: "Widget" };
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  const versions = [{ name: "v1", served: true, storage: true, schema }];
  const spec = { group: "test.example", scope: "Namespaced", names, versions };
  await client.create(customResourceDefinitions, { metadata: { name: "widgets.test.example" }, spec });
  const widgets = { ...names, group: "test.example", version: "v1", namespaced: true };
  const widget = { apiVersion: "test.example/v1", kind: "Widget", metadata: { namespace, name: "a" }, size: 7 };
  await eventually(() =>
    client.create(widgets, widget).then(
      () => "created",
      ({ code }: ApiError) => code,
    ),
  ).toMatch(/^(created|already-exists)$/);
  const decode = ({ metadata, size }: KubernetesObject) => `${metadata.name} ${String(size)}`;
  await using reflection = reflect(credentials(), { resource: widgets, wire, decode });
  await eventually(() => reflection.told).toEqual(["init", "initApply a 7", expect.stringMatching(/^initDone/)]);
  await client.patch(widgets, { namespace, name: "a" }, { size: 8 });
  await eventually(() => reflection.told.at(-1)).toBe("apply a 8");
  expect(reflection.faults).toEqual([]);
});

test("what is refused is refused in protobuf with the words that it is in JSON", async () => {
  const refusalOf = async (path: string, form: string) => {
    const request = { method: "GET", path, headers: { accept: form }, action: "test" } as const;
    const error = await transport.send(request).then(
      () => undefined,
      (thrown: ApiError) => thrown,
    );
    return { code: error?.code, message: error?.message, reason: error?.reason, causes: error?.causes };
  };
  for (const path of [
    "/api/v1/namespaces/shop/pods/absent",
    "/api/v1/pods?watch=true&sendInitialEvents=true",
    "/api/v1/pods?limit=x",
  ]) {
    const inJson = await refusalOf(path, "application/json");
    expect(inJson.code).toBeDefined();
    expect(await refusalOf(path, accept.accept)).toEqual(inJson);
  }
});
