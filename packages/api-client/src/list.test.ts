import { expect, test } from "vitest";
import { json, page, refuse, type Reply, scriptedServer } from "../test/scripted-server.ts";
import { connect } from "./client.ts";
import type { ListOptions } from "./list.ts";
import { pods } from "./resource.ts";

/** The names, a list for each page. */
async function listed(replies: readonly Reply[], options: ListOptions = {}) {
  await using server = await scriptedServer(...replies);
  await using client = connect(server.credentials);
  const pages: (string | undefined)[][] = [];
  for await (const { items } of client.list(pods, options)) pages.push(items.map(({ metadata }) => metadata.name));
  return { pages, requests: server.requests };
}

test("a list goes on until the server has no more", async () => {
  const replies = [page(["a", "b"], "9", "next 1"), page([], "9", "next 2"), page(["c"], "9", "")];
  const { pages, requests } = await listed(replies, { namespace: "shop", limit: 2 });
  expect(pages).toEqual([["a", "b"], [], ["c"]]);
  expect(requests.map(({ path, query }) => [path, query])).toEqual([
    ["/api/v1/namespaces/shop/pods", { limit: "2" }],
    ["/api/v1/namespaces/shop/pods", { limit: "2", continue: "next 1" }],
    ["/api/v1/namespaces/shop/pods", { limit: "2", continue: "next 2" }],
  ]);
});

test("an empty list may have null for its items", async () => {
  expect((await listed([json(200, { items: null, metadata: { resourceVersion: "9" } })])).pages).toEqual([[]]);
});

test("the next page isn't asked for before this one has been dealt with", async () => {
  await using server = await scriptedServer(page(["a"], "9", "next"), page(["b"], "9"));
  await using client = connect(server.credentials);
  for await (const { resourceVersion } of client.list(pods)) {
    expect(resourceVersion).toBe("9");
    expect(server.requests).toHaveLength(1);
    break;
  }
  expect(server.requests).toHaveLength(1);
});

test("an expired continue token is gone, with the server's words", async () => {
  const expired = refuse(410, { reason: "Expired", message: "The provided continue parameter is too old" });
  await expect(listed([page(["a"], "9", "next"), expired])).rejects.toThrow(
    "[gone] list pods: The provided continue parameter is too old (HTTP 410)",
  );
});

test.each([
  json(200, {}),
  json(200, null),
  json(200, { items: [], metadata: {} }),
  json(200, { items: {}, metadata: {} }),
])("what is no list is an error (%#)", async (reply) => {
  await expect(listed([reply])).rejects.toThrow("[unknown] list pods: the answer is no list");
});
