import { expect, test } from "vitest";
import { connect } from "../src/client.ts";
import type { Discovery } from "../src/discovery/discovery.ts";
import { type DiscoverOptions, discover } from "../src/discovery/discover.ts";
import { eventually } from "./eventually.ts";
import { hang, json, type Reply, refuse, scriptedServer } from "./scripted-server.ts";

const v2 = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const v2beta1 = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";
const plain = "application/json";

type Answers = Readonly<Record<string, Reply>>;

/** What is discovered of a server with these answers by path, and what it was asked, in the order of the paths. */
async function discovered(answers: Answers, options: DiscoverOptions = {}) {
  await using server = await scriptedServer(...Array.from({ length: 20 }, () => answerFrom(answers)));
  await using client = connect(server.credentials);
  const result = await discover(client, options).catch((error: unknown) => error);
  const asked = server.requests.map(({ path, headers }) => `${path} ${headers.accept}`).toSorted();
  return { result, asked };
}

function answerFrom(answers: Answers): Reply {
  return (response, request) => (answers[request.url ?? ""] ?? refuse(404))(response, request);
}

const jobs = { namespaced: true, verbs: ["get", "list"] };
const pods = { namespaced: true, verbs: ["get", "list"] };

/** A server as it was before aggregated discovery. */
const old: Answers = {
  "/api": json(200, { kind: "APIVersions", versions: ["v1"] }),
  "/api/v1": json(200, {
    kind: "APIResourceList",
    groupVersion: "v1",
    resources: [{ name: "pods", singularName: "", kind: "Pod", ...pods }],
  }),
  "/apis": json(200, {
    kind: "APIGroupList",
    groups: [{ name: "batch", versions: [{ version: "v1" }], preferredVersion: { version: "v1" } }],
  }),
  "/apis/batch/v1": json(200, {
    kind: "APIResourceList",
    groupVersion: "batch/v1",
    resources: [{ name: "jobs", singularName: "job", kind: "Job", ...jobs }],
  }),
};

function aggregated(version: string, group: string, resource: object): Reply {
  const items = [
    { metadata: { name: group }, versions: [{ version: "v1", resources: [resource], freshness: "Current" }] },
  ];
  const document = { kind: "APIGroupDiscoveryList", apiVersion: `apidiscovery.k8s.io/${version}`, items };
  return json(200, document, {
    "content-type": `${plain};g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
  });
}

/** The same API, aggregated. */
function recent(version: string): Answers {
  const common = { scope: "Namespaced", verbs: ["get", "list"] };
  const kind = (kind: string) => ({ responseKind: { group: "", version: "", kind } });
  return {
    "/api": aggregated(version, "", { resource: "pods", singularResource: "", ...kind("Pod"), ...common }),
    "/apis": aggregated(version, "batch", { resource: "jobs", singularResource: "job", ...kind("Job"), ...common }),
  };
}

const shared = {
  version: "v1",
  namespaced: true,
  verbs: ["get", "list"],
  shortNames: [],
  categories: [],
  subresources: [],
};
const pod = { group: "", plural: "pods", singular: "pod", kind: "Pod", ...shared };
const job = { group: "batch", plural: "jobs", singular: "job", kind: "Job", ...shared };
const discovery: Discovery = {
  groups: [
    { name: "", versions: [{ version: "v1", resources: [pod] }] },
    { name: "batch", versions: [{ version: "v1", resources: [job] }] },
  ],
  unavailable: [],
};

test.each(["v2", "v2beta1"])("a server that aggregates in %s is asked twice", async (version) => {
  const { result, asked } = await discovered(recent(version));
  expect(result).toEqual(discovery);
  const accept = `${v2},${v2beta1},${plain}`;
  expect(asked).toEqual([`/api ${accept}`, `/apis ${accept}`]);
});

test("one that doesn't answers as it always did, and is asked for each version", async () => {
  const { result, asked } = await discovered(old);
  expect(result).toEqual(discovery);
  expect(asked.map((line) => line.split(" ")[0])).toEqual(["/api", "/api/v1", "/apis", "/apis/batch/v1"]);
  expect(asked.filter((line) => line.endsWith("/v1 application/json"))).toHaveLength(2);
});

test("one that refuses what it doesn't know (406) is asked for what it does", async () => {
  const strict: Answers = Object.fromEntries(
    Object.entries(old).map(([path, reply]) => [
      path,
      (response, request) =>
        (request.headers.accept === plain ? reply : refuse(406, { reason: "NotAcceptable" }))(response, request),
    ]),
  );
  expect((await discovered(strict)).result).toEqual(discovery);
});

test("aggregation of one root only is taken where it is", async () => {
  expect((await discovered({ ...old, "/api": recent("v2")["/api"] ?? expect.fail() })).result).toEqual(discovery);
  expect((await discovered({ ...old, "/apis": recent("v2")["/apis"] ?? expect.fail() })).result).toEqual(discovery);
});

test("aggregated discovery can be left out", async () => {
  const { result, asked } = await discovered(old, { aggregated: false });
  expect(result).toEqual(discovery);
  expect(asked).toEqual(["/api", "/api/v1", "/apis", "/apis/batch/v1"].map((path) => `${path} ${plain}`));
});

test("a group that fails costs only itself", async () => {
  const { result } = await discovered({ ...old, "/apis/batch/v1": refuse(503, { message: "service unavailable" }) });
  expect(result).toEqual({
    groups: discovery.groups.slice(0, 1),
    unavailable: [
      {
        group: "batch",
        version: "v1",
        reason: "[unavailable] GET /apis/batch/v1: service unavailable (HTTP 503)",
      },
    ],
  });
});

test("a server of a single group has no core group", async () => {
  expect((await discovered({ ...old, "/api": refuse(404) })).result).toEqual({
    ...discovery,
    groups: discovery.groups.slice(1),
  });
});

test.each([
  ["/apis", refuse(404), "[not-found] GET /apis: the server gave no reason (HTTP 404)"],
  ["/api", refuse(403, { message: "not you" }), "[forbidden] GET /api: not you (HTTP 403)"],
  [
    "/apis",
    json(200, { hello: "world" }),
    "[unknown] GET /apis: the answer lists no groups of an API: is this an API server?",
  ],
  ["/api", json(200, null), "[unknown] GET /api: the answer lists no groups of an API: is this an API server?"],
] as const)("without %s there is no discovery (%#)", async (path, reply, message) => {
  expect((await discovered({ ...old, [path]: reply })).result).toMatchObject({ message });
});

test("it can be canceled, while a group is asked for too", async () => {
  await using server = await scriptedServer(
    ...Array.from({ length: 4 }, () => answerFrom({ ...old, "/apis/batch/v1": hang() })),
  );
  await using client = connect(server.credentials);
  const stopping = new AbortController();
  const discovering = discover(client, { signal: stopping.signal });
  await eventually(() => server.requests.map(({ path }) => path)).toContain("/apis/batch/v1");
  stopping.abort();
  await expect(discovering).rejects.toMatchObject({ code: "canceled" });
});
