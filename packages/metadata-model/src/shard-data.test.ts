import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { renderedPeer } from "../test/rendered-peer.ts";
import type { Digest } from "./config-map.ts";
import { utf8Length } from "./utf8.ts";
import { jsonAggregate } from "./render/json.ts";
import type { RenderedPeer } from "./render/peer.ts";
import { emptyShardSize, type ShardData, shardRenderer, type ShardStyle } from "./render/shard.ts";
import type { WholeDocument } from "./render/whole-document.ts";
import { valueOf } from "./render/value.ts";

const digest: Digest = (text) => `#${text}`;
const aggregates = [jsonAggregate("peers.json"), jsonAggregate("all")];
const style: ShardStyle = {
  aggregates,
  fragmentsOf: ({ named }) => named.map((text) => text ?? ""),
  digest,
  keeps: true,
  isSharded: true,
};
/** What a shard of these peers is made of. */
const of = (peers: readonly RenderedPeer[], documents: readonly WholeDocument[] = []) => ({ peers, documents });

/** A peer with the file `<id>_ip`. Its size is what it adds: see `render/peer.ts`. */
function peer(id: string, value = "10.0.0.1"): RenderedPeer {
  const key = `${id}_ip`;
  const fragment = JSON.stringify({ ip: value });
  return renderedPeer(id, {
    size: 2 * key.length + utf8Length(value) + 2 * (utf8Length(fragment) + 2) + id.length + 1,
    files: new Map([[key, valueOf(value, digest)]]),
    named: [fragment, fragment],
  });
}

/** What the API server counts, values, and what managedFields repeat, keys. */
function trueSize({ values, placement }: ShardData): number {
  const entries = [...values].map(([key, { value }]) => 2 * key.length + Buffer.byteLength(value));
  return entries.reduce((sum, size) => sum + size, placement.length);
}

test("a shard holds the files of its peers and a document for each aggregate, under its own keys", () => {
  const { values, placement } = shardRenderer(style)(1, of([peer("a"), peer("b")]));
  expect([...values.keys()]).toEqual(["a_ip", "b_ip", "peers-1.json", "all-1"]);
  expect(placement).toBe("a b");
  expect(values.get("peers-1.json")?.value.split("\n").slice(1, 3)).toEqual([
    '{"ip":"10.0.0.1"},',
    '{"ip":"10.0.0.1"}',
  ]);
  for (const { value, digest: of } of values.values()) expect(of).toBe(digest(value));
});

test("a shard without peers holds empty documents", () => {
  const { values, placement } = shardRenderer(style)(0, of([]));
  expect([...values.keys()]).toEqual(["peers.json", "all"]);
  expect(placement).toBe("");
});

const good = (key: string, value: string): WholeDocument => ({
  key,
  value: valueOf(value, digest),
  size: 2 * key.length + value.length,
  problem: undefined,
});
const bad: WholeDocument = { key: "bad", value: undefined, size: 6, problem: { reason: "TemplateError", message: "" } };

describe("documents of all peers", () => {
  const documents = [good("a.cfg", "text"), bad];

  test("are among the values, and count", () => {
    const data = shardRenderer(style)(0, of([peer("a")], documents));
    expect(data.values.get("a.cfg")).toEqual(valueOf("text", digest));
    expect(data.values.has("bad")).toBe(false);
    expect(data.size).toBe(shardRenderer(style)(0, of([peer("a")])).size + 10 + 4 + 6);
  });

  test("that could not be made are kept, or are not", () => {
    expect([...shardRenderer(style)(0, of([], documents)).kept]).toEqual(["bad"]);
    expect([...shardRenderer({ ...style, keeps: false })(0, of([], documents)).kept]).toEqual([]);
  });

  test("are all there is where peers aren't spread over shards", () => {
    const alone = shardRenderer({ ...style, aggregates: [], isSharded: false })(0, of([peer("a")], documents));
    expect(alone).toMatchObject({ placement: "", size: 10 + 4 + 6 });
  });
});

test("the size of a shard is never less than what is stored, and little more", () => {
  const peers = fc
    .uniqueArray(fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1 }))
    .chain((ids) => fc.tuple(...ids.map((id) => fc.string({ unit: "grapheme" }).map((value) => peer(id, value)))));
  fc.assert(
    fc.property(peers, fc.nat({ max: 255 }), (all, index) => {
      const data = shardRenderer(style)(index, of(all));
      const over = data.size - trueSize(data);
      expect(over).toBeGreaterThanOrEqual(0);
      // two keys four characters longer than needed, a comma of each document, the blank before the first id
      expect(over).toBeLessThanOrEqual(2 * 2 * 4 + 2 + 1);
      expect(data.size).toBe(emptyShardSize(aggregates) + all.reduce((sum, { size }) => sum + size, 0));
    }),
  );
});

describe("a shard is rendered", () => {
  const [a, b] = [peer("a"), peer("b")];

  test("once, while its peers are the same", () => {
    const render = shardRenderer(style);
    const data = render(0, of([a, b]));
    render(1, of([b]));
    expect(render(0, of([a, b]))).toBe(data);
  });

  test("anew, when a document is another", () => {
    const render = shardRenderer(style);
    const documents = [good("a.cfg", "text")];
    const data = render(0, of([a], documents));
    expect(render(0, of([a], [...documents]))).toBe(data);
    expect(render(0, of([a], [good("a.cfg", "other")])).values.get("a.cfg")?.value).toBe("other");
  });

  test.each([
    ["a peer is another", [a, peer("b")]],
    ["a peer has gone", [a]],
    ["a peer has come", [a, b, peer("c")]],
    ["their order is another", [b, a]],
  ])("anew, when %s", (_, peers) => {
    const render = shardRenderer(style);
    const data = render(0, of([a, b]));
    expect(render(0, of(peers))).not.toBe(data);
  });
});
