import { expect, test } from "vitest";
import { type BrowseOptions, browse } from "../src/browse/browse.ts";
import { connect } from "../src/client.ts";
import { cut, json, page, type Reply, refuse, scriptedServer } from "./scripted-server.ts";

async function browsed(typed: string, reply: Reply, options: BrowseOptions = {}) {
  await using server = await scriptedServer(reply);
  await using client = connect(server.credentials);
  const result = await browse(client, typed, options);
  const { path, query, headers } = server.requests[0] ?? expect.fail("nothing was asked");
  return { result, asked: [path, query], accept: headers.accept };
}

test("a collection is asked for in pages, and the result leads to the next one", async () => {
  const { result, asked } = await browsed("api/v1/pods/?labelSelector=app%3Dweb", page(["a", "b"], "9", "to/ken"));
  expect(asked).toEqual(["/api/v1/pods", { limit: "500", labelSelector: "app=web" }]);
  expect(result).toMatchObject({
    type: "list",
    path: "/api/v1/pods",
    continue: "to/ken",
    links: ["/api/v1/namespaces/shop/pods/a", "/api/v1/namespaces/shop/pods/b"],
    next: "/api/v1/pods?limit=500&labelSelector=app%3Dweb&continue=to%2Fken",
  });
  const following = await browsed(result.next ?? "", page(["c"], "9"));
  expect(following.asked).toEqual(["/api/v1/pods", { limit: "500", labelSelector: "app=web", continue: "to/ken" }]);
  expect(following.result).toMatchObject({ type: "list", continue: undefined, next: undefined });
});

test("how long a page is may be said, in the path above all", async () => {
  expect((await browsed("/api/v1/pods", page([], "9"), { limit: 2 })).asked[1]).toEqual({ limit: "2" });
  expect((await browsed("/api/v1/pods?limit=0", page([], "9"), { limit: 2 })).asked[1]).toEqual({ limit: "0" });
});

test("what is no collection is asked for as it is", async () => {
  const hello = { kind: "Job", apiVersion: "batch/v1", metadata: { name: "hello" } };
  const typed = "/apis/batch/v1/namespaces/default/jobs/hello?pretty=true";
  const { result, asked, accept } = await browsed(typed, json(200, hello));
  expect(asked).toEqual(["/apis/batch/v1/namespaces/default/jobs/hello", { pretty: "true" }]);
  expect(accept).toBe("application/json, */*");
  const path = "/apis/batch/v1/namespaces/default/jobs/hello";
  expect(result).toEqual({ type: "object", object: hello, path, links: [], next: undefined });
});

test("text is text", async () => {
  const ok: Reply = (response) => {
    response.writeHead(200, { "content-type": "text/plain; charset=utf-8" }).end("[+]ping ok\nläuft\n");
  };
  const { result } = await browsed("/healthz", ok);
  expect(result).toEqual({ type: "text", text: "[+]ping ok\nläuft\n", path: "/healthz", links: [], next: undefined });
});

test("a refusal is an ApiError that names the path", async () => {
  const reply = refuse(404, { message: "the server could not find the requested resource" });
  await expect(browsed("apis/nope", reply)).rejects.toThrow(
    "[not-found] GET /apis/nope: the server could not find the requested resource (HTTP 404)",
  );
});

test("an answer that is cut off is none", async () => {
  await expect(browsed("/metrics", cut("up 1\n"))).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("GET /metrics: the connection was cut"),
  });
});

test("what is no path of the server is not asked for", async () => {
  await using server = await scriptedServer();
  await using client = connect(server.credentials);
  await expect(browse(client, "https://example.com/")).rejects.toThrow(TypeError);
  await expect(browse(client, "/apis/../api")).rejects.toThrow(TypeError);
  expect(server.requests).toEqual([]);
});

test("it can be canceled", async () => {
  await using server = await scriptedServer();
  await using client = connect(server.credentials);
  await expect(browse(client, "/", { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "canceled" });
});
