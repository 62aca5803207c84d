import { PeerList as WrittenPeerList } from "@metadata-mirror/metadata-model";
import * as fc from "fast-check";
import { expect, expectTypeOf, test } from "vitest";
import { documentOf } from "../test/documents.ts";
import type { ItemValue, Peer, PeerList } from "./peer.ts";
import { joinPeers, parsePeerList } from "./peer-list.ts";

/** Ours can't be changed by the reader; the operator's can. */
type ReadonlyValue<T> = T extends object ? Readonly<T> : T;

const list = (ids: readonly string[], shard = 0) => parsePeerList(documentOf(ids.map((_id) => ({ _id, shard }))), "f");

test("a document is read with all that its peers have", () => {
  const peers = [{ _id: "a", podIP: "10.0.0.5", labels: { app: "web" }, podIPs: ["10.0.0.5"], cpu: 250 }];
  expect(parsePeerList(documentOf(peers), "peers.json").peers).toEqual(peers);
});

test("every document that the schema of the operator takes is read as it stands", () => {
  const texts = fc.string({ unit: "grapheme" });
  // no label or annotation has the key that zod leaves out
  const key = texts.filter((text) => text !== "__proto__");
  const value = fc.oneof(texts, fc.integer(), fc.array(texts), fc.dictionary(key, texts));
  const items = fc.dictionary(
    texts.filter((path) => path !== "__proto__"),
    value,
  );
  const peers = fc.array(fc.tuple(items, fc.string({ minLength: 1 })).map(([all, _id]) => ({ ...all, _id })));
  const property = fc.property(peers, (written) => {
    const text = documentOf(written);
    expect(parsePeerList(text, "peers.json")).toEqual(WrittenPeerList.parse(JSON.parse(text)));
  });
  fc.assert(property);
});

test("the types are those of the operator's schema", () => {
  type Written = ReturnType<typeof WrittenPeerList.parse>;
  type WrittenPeer = Written["peers"][number];
  expectTypeOf<Written>().toExtend<PeerList>();
  expectTypeOf<Written["apiVersion"]>().toEqualTypeOf<PeerList["apiVersion"]>();
  expectTypeOf<Written["kind"]>().toEqualTypeOf<PeerList["kind"]>();
  expectTypeOf<WrittenPeer["_id"]>().toEqualTypeOf<Peer["_id"]>();
  expectTypeOf<ReadonlyValue<WrittenPeer[string]>>().toEqualTypeOf<ItemValue>();
});

test("what a later operator adds to a document is let be", () => {
  const text = '{"apiVersion":"metadatamirror.dev/v1alpha1","kind":"PeerList","metadata":{},"peers":[]}';
  expect(parsePeerList(text, "peers.json").peers).toEqual([]);
});

test.each([
  [
    "half of a document",
    documentOf([{ _id: "a" }]).slice(0, -9),
    /^\/etc\/peers\.json: it is not JSON \(SyntaxError: /,
  ],
  ["nothing", "", /^\/etc\/peers\.json: it is not JSON \(SyntaxError: /],
  ["a list", "[]", /^\/etc\/peers\.json: it is not a PeerList: /],
  ["null", "null", /^\/etc\/peers\.json: it is not a PeerList: /],
  ["another kind", '{"apiVersion":"v1","kind":"PodList","items":[]}', /^\/etc\/peers\.json: it is not a PeerList: /],
  [
    "no peers",
    '{"apiVersion":"metadatamirror.dev/v1alpha1","kind":"PeerList"}',
    /^\/etc\/peers\.json: it has no list of peers: /,
  ],
  [
    "a peer that is no object",
    '{"apiVersion":"metadatamirror.dev/v1alpha1","kind":"PeerList","peers":[{"_id":"a"},"b"]}',
    /^\/etc\/peers\.json: peers\[1\] is not an object with an _id: /,
  ],
  [
    "a peer without an _id",
    '{"apiVersion":"metadatamirror.dev/v1alpha1","kind":"PeerList","peers":[{"podName":"web-0"}]}',
    /^\/etc\/peers\.json: peers\[0\] is not an object with an _id: /,
  ],
])("%s is malformed, in words that name the file", (_, text, message) => {
  const reading = () => parsePeerList(text, "/etc/peers.json");
  expect(reading).toThrow(expect.objectContaining({ code: "malformed", message: expect.stringMatching(message) }));
});

test("a PeerList of another version is told as such, and what to do", () => {
  expect(() => parsePeerList(documentOf([], "metadatamirror.dev/v1"), "/etc/peers.json")).toThrow(
    expect.objectContaining({
      code: "unsupported",
      message:
        '/etc/peers.json: it is a PeerList of "metadatamirror.dev/v1", and this version of the library reads metadatamirror.dev/v1alpha1: take the version of the library that goes with the operator',
    }),
  );
});

test("of a peer in two shards the copy of the lower one is taken", () => {
  expect(joinPeers([list(["b"], 0), list(["a", "b"], 1)])).toEqual([
    { _id: "a", shard: 1 },
    { _id: "b", shard: 0 },
  ]);
});

test("whichever shards the peers are in, and in however many at once, each is there once and in the same order", () => {
  const ids = fc.uniqueArray(fc.string(), { maxLength: 20 });
  const homes = fc.array(fc.array(fc.nat(4), { minLength: 1, maxLength: 2 }), { minLength: 20, maxLength: 20 });
  const property = fc.property(ids, homes, (all, homeOf) => {
    const shards = Array.from({ length: 5 }, (_, shard) =>
      list(all.filter((_id, peer) => homeOf[peer]?.includes(shard))),
    );
    expect(joinPeers(shards).map(({ _id }) => _id)).toEqual([...all].sort());
  });
  fc.assert(property);
});
