import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonAggregate } from "./json.ts";

const { key, fragment, document } = jsonAggregate("peers.json");
const peer = (...items: [string, string][]) => ({
  id: "#web-1",
  own: true,
  namespace: "shop",
  name: "web-1",
  podIP: "",
  podIPs: [],
  items: items.map(([path, json]) => ({ path, json, text: "" })),
  problems: [],
});

test("the peers are objects of their ids and items, a line each", () => {
  const peers = [peer(["podIP", '"10.0.0.1"'], ["cpu", "250"]), { ...peer(["labels", '{"app":"web"}']), id: "#2" }];
  const fragments = peers.map((one) => fragment(one).text);
  expect(key).toBe("peers.json");
  expect(document(fragments)).toBe(`{"apiVersion":"metadatamirror.dev/v1alpha1","kind":"PeerList","peers":[
{"_id":"#web-1","podIP":"10.0.0.1","cpu":250},
{"_id":"#2","labels":{"app":"web"}}
]}
`);
});

test("without peers it is a document all the same", () => {
  expect(JSON.parse(document([]))).toEqual({ apiVersion: "metadatamirror.dev/v1alpha1", kind: "PeerList", peers: [] });
});

test("whatever the values, it is JSON, a line a peer", () => {
  const record = fc
    .dictionary(fc.string({ unit: fc.constantFrom("a", "b", ".", "_") }), fc.json(), { noNullPrototype: true })
    .map((items) => ({ items: Object.entries(items) }));
  fc.assert(
    fc.property(fc.array(record), (records) => {
      const made = document(records.map(({ items }) => fragment(peer(...items)).text));
      expect(made.split("\n").length).toBe(records.length + 3);
      const expected = records.map(({ items }) =>
        Object.fromEntries([["_id", "#web-1"], ...items.map(([path, json]) => [path, JSON.parse(json)])]),
      );
      expect((JSON.parse(made) as { peers: unknown }).peers).toEqual(expected);
    }),
  );
});
