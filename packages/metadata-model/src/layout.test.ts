import { describe, expect, test } from "vitest";
import { digest, mirror } from "../test/objects.ts";
import { renderedPeer } from "../test/rendered-peer.ts";
import { configMapState } from "./config-map.ts";
import { type LayoutStyle, layouter, type Present } from "./layout.ts";
import type { RenderedPeer } from "./render/peer.ts";
import type { Template } from "./render/template.ts";

const peer = (id: string, size = 100) => renderedPeer(id, { size, record: { _id: id } });

/** A template whose text is so many bytes a peer, or none where that is more than it may be. */
const heavy = (bytes: number): Template => ({
  key: "all.cfg",
  render: (peers, maxBytes) =>
    peers.length * bytes <= maxBytes
      ? { text: peers.map(({ _id }) => String(_id).repeat(bytes)).join(""), steps: 1 }
      : { problem: { reason: "TemplateTooLarge", message: "too large" }, steps: 1 },
});
const { output } = mirror({ output: { peersPerShard: 10, maxShardSize: 5000, maxShards: 3 } }).spec;
const style: LayoutStyle = { output, templates: [], digest, emptySize: 0, keeps: true, isSharded: true };
const present: Present = {
  whereabouts: () => ({ held: new Map(), others: new Map() }),
  first: undefined,
  isBlocked: () => false,
  mayLetGo: () => false,
};
const lay = (peers: readonly RenderedPeer[], change: Partial<LayoutStyle> = {}, there: Partial<Present> = {}) => {
  const { shards, documents, tooLarge, noRoom } = layouter({ ...style, ...change })(peers, { ...present, ...there });
  const ids = (some: readonly RenderedPeer[]) => some.map(({ id }) => id).join(" ");
  return {
    shards: shards.map(ids),
    documents: documents.map(({ value, problem }) => value?.value ?? problem?.reason),
    tooLarge: ids(tooLarge),
    noRoom: ids(noRoom),
  };
};
const sketch = { documents: [], tooLarge: "", noRoom: "" };

test("peers are placed on shards; those that are too large are told apart from those without room", () => {
  const few = { output: { ...output, peersPerShard: 1, maxShards: 2 } };
  expect(lay([peer("a"), peer("b", 6000), peer("c"), peer("d")], few)).toEqual({
    ...sketch,
    shards: ["a", "c"],
    tooLarge: "b",
    noRoom: "d",
  });
});

describe("a document", () => {
  test("takes its room in the first shard before the peers", () => {
    const some = ["a", "b", "c"].map((id) => peer(id, 1500));
    expect(lay(some)).toEqual({ ...sketch, shards: ["a b c"] });
    expect(lay(some, { templates: [heavy(800)] })).toMatchObject({ shards: ["a", "b c"] });
  });

  test("that doesn't fit takes no room, but what it last held does where that stays", () => {
    const some = ["a", "b", "c"].map((id) => peer(id, 1500));
    const metadata = { namespace: "shop", name: "web-peers", uid: "c1", resourceVersion: "7" };
    const data = { "all.cfg": "x".repeat(2000) };
    const first = (own: string) => {
      const annotations = { "metadatamirror.dev/own-documents": own };
      return configMapState({ metadata: { ...metadata, annotations }, data }, digest);
    };
    const templates = [heavy(5000)];
    expect(lay(some, { templates })).toMatchObject({ shards: ["a b c"], documents: ["TemplateTooLarge"] });
    expect(lay(some, { templates }, { first: first("all.cfg") })).toMatchObject({ shards: ["a", "b c"] });
    expect(lay(some, { templates }, { first: first("other") })).toMatchObject({ shards: ["a b c"] });
    expect(lay(some, { templates, keeps: false }, { first: first("all.cfg") })).toMatchObject({ shards: ["a b c"] });
  });

  test("is made of all peers, those too that found no room", () => {
    const few = { output: { ...output, peersPerShard: 1, maxShards: 2 }, templates: [heavy(2)] };
    expect(lay([peer("a"), peer("b"), peer("c")], few)).toEqual({
      shards: ["a", "b"],
      documents: ["aabbcc"],
      tooLarge: "",
      noRoom: "c",
    });
  });

  test("alone is made of all peers, however many, on one shard", () => {
    const many = Array.from({ length: 50 }, () => peer("a", 1000));
    const laid = lay(many, { templates: [heavy(10)], isSharded: false });
    expect(laid).toMatchObject({ documents: ["a".repeat(500)], tooLarge: "", noRoom: "" });
    expect(laid.shards).toHaveLength(1);
  });
});
