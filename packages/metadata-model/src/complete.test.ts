import { expect, test } from "vitest";
import { renderedPeer } from "../test/rendered-peer.ts";
import { completeness, type LaidOut } from "./complete.ts";
import type { ItemProblem } from "./project.ts";

const peer = (name: string, ...problems: ItemProblem[]) => renderedPeer(name, { problems });
const problem = (path: string, reason: ItemProblem["reason"]) => ({ path, reason, message: "it can't be told" });
const nothing: LaidOut = {
  shards: [],
  documents: [],
  tooLarge: [],
  noRoom: [],
  keeps: true,
};

test("nothing is left out where every peer has room and no problem", () => {
  expect(completeness()({ ...nothing, shards: [[peer("web-1")]] })).toEqual({
    type: "Complete",
    status: "True",
    reason: "AllPeers",
    message: "nothing that may be shown is left out",
  });
});

test.each<[string, Partial<LaidOut>, string, string]>([
  [
    "a document",
    {
      documents: [
        { key: "a.cfg", value: undefined, size: 10, problem: { reason: "TemplateError", message: "line 2" } },
      ],
    },
    "TemplateError",
    "document a.cfg: line 2; what it last held stays",
  ],
  [
    "a document that shows more than the mirror's own namespace",
    {
      documents: [
        { key: "a.cfg", value: undefined, size: 10, problem: { reason: "TemplateError", message: "line 2" } },
      ],
      keeps: false,
    },
    "TemplateError",
    "document a.cfg: line 2; it is left out, since it shows peers of other namespaces",
  ],
  [
    "a peer that is too large",
    { tooLarge: [peer("web-1")] },
    "PeerTooLarge",
    "1 peer larger than output.maxShardSize left out, first shop/web-1",
  ],
  [
    "peers for want of room",
    { noRoom: [peer("web-1"), peer("web-2")] },
    "TooManyPeers",
    "2 peers left out since output.maxShards are full, first shop/web-1",
  ],
  [
    "an item",
    { shards: [[peer("web-1")], [peer("web-2", problem("cpu", "UnknownContainer"))]] },
    "UnknownContainer",
    "item cpu of shop/web-2 left out: it can't be told",
  ],
  [
    "an item of many peers",
    { shards: [["a", "b", "c"].map((name) => peer(name, problem("cpu", "NodeUnknown")))] },
    "NodeUnknown",
    "item cpu of shop/a left out: it can't be told (and 2 more items)",
  ],
])("%s that are left out are counted, and the first is named", (_, leftOut, reason, message) => {
  expect(completeness()({ ...nothing, ...leftOut })).toEqual({ type: "Complete", status: "False", reason, message });
});

test("of several reasons all are told, in an order that doesn't depend on the peers'", () => {
  const placed = [peer("a", problem("x", "Overflow")), peer("b", problem("x", "KeyTooLong"))];
  const finding = completeness()({ ...nothing, noRoom: [peer("c")], shards: [placed] });
  expect(finding.reason).toBe("TooManyPeers");
  expect(finding.message).toBe(
    "1 peer left out since output.maxShards are full, first shop/c; item x of shop/b left out: it can't be told; item x of shop/a left out: it can't be told",
  );
  expect(completeness()({ ...nothing, noRoom: [peer("c")], shards: [placed.toReversed()] })).toEqual(finding);
});
