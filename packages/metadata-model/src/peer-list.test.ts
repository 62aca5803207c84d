import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pods } from "../test/arbitrary-world.ts";
import { digest } from "../test/objects.ts";
import { PeerList, peerListJsonSchema } from "./peer-list.ts";
import { projector } from "./project.ts";
import { jsonAggregate } from "./render/json.ts";
import { peerRenderer } from "./render/peer.ts";
import { createRecentFragments } from "./render/recent-fragments.ts";

const validate = new Ajv2020({ strict: true }).compile(peerListJsonSchema());
const isPeerList = (value: unknown) => PeerList.safeParse(value).success;

const fieldPaths = ["metadata.name", "metadata.labels", "metadata.annotations", "status.podIPs", "status.phase"];
const items = [
  ...fieldPaths.map((fieldPath, index) => ({ path: `item${index}`, fieldRef: { fieldPath } })),
  { path: "cpu", resourceFieldRef: { containerName: "main", resource: "requests.cpu", divisor: "1m" } },
];
const aggregate = jsonAggregate("peers.json");
const { render, fragmentsOf } = peerRenderer({
  files: false,
  aggregates: [aggregate],
  templates: [],
  project: projector(items),
  digest,
  recent: createRecentFragments(),
});
const everything = { id: "*", paths: new Set(items.map(({ path }) => path)), named: true, own: true };

test("what the JSON format writes is a PeerList, to zod as to JSON Schema", () => {
  fc.assert(
    fc.property(pods, (some) => {
      const fragments = some.map((pod) => fragmentsOf(render(pod, undefined, everything))[0] ?? "");
      const document: unknown = JSON.parse(aggregate.document(fragments));
      expect([isPeerList(document), validate(document)]).toEqual([true, true]);
    }),
  );
});

const head = { apiVersion: "metadatamirror.dev/v1alpha1", kind: "PeerList" };

describe("a PeerList is", () => {
  test.each<[string, unknown, boolean]>([
    ["one without peers", { ...head, peers: [] }, true],
    ["one of a later release", { ...head, more: 1, peers: [{ _id: "a" }] }, true],
    ["not one of another version", { ...head, apiVersion: "metadatamirror.dev/v1", peers: [] }, false],
    ["not one of another kind", { ...head, kind: "List", peers: [] }, false],
    ["not one without peers at all", head, false],
    ["not one whose peers have no ids", { ...head, peers: [{}] }, false],
    ["not one of an empty id", { ...head, peers: [{ _id: "" }] }, false],
    ["not one of other values", { ...head, peers: [{ _id: "a", x: null }] }, false],
    ["nothing else", [], false],
  ])("%s", (_, value, expected) => {
    expect([isPeerList(value), validate(value)]).toEqual([expected, expected]);
  });
});

/** Values of all kinds in the places of those of a document. */
const anything = fc.jsonValue({ maxDepth: 2 });
const peer = fc.dictionary(
  fc.constantFrom("_id", "ip", "labels"),
  fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), anything),
  {
    noNullPrototype: true,
  },
);
const nearly = fc.record(
  {
    apiVersion: fc.oneof({ weight: 5, arbitrary: fc.constant(head.apiVersion) }, anything),
    kind: fc.oneof({ weight: 5, arbitrary: fc.constant(head.kind) }, anything),
    peers: fc.oneof({ weight: 5, arbitrary: fc.array(fc.oneof({ weight: 5, arbitrary: peer }, anything)) }, anything),
    more: anything,
  },
  { requiredKeys: ["apiVersion", "kind", "peers"], noNullPrototype: true },
);

test("zod and JSON Schema agree on every document", () => {
  const answers = new Set<boolean>();
  fc.assert(
    fc.property(nearly, (document) => {
      const is = isPeerList(document);
      answers.add(is);
      expect(validate(document)).toBe(is);
    }),
    { numRuns: 2000 },
  );
  expect(answers.size).toBe(2);
});
