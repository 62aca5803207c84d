import { expect, test } from "vitest";
import { digest } from "../test/objects.ts";
import { configMapState, writtenState } from "./config-map.ts";

const metadata = {
  namespace: "shop",
  name: "web-peers",
  uid: "0d7c",
  resourceVersion: "7",
  labels: { "metadatamirror.dev/mirror": "web-peers", team: "x" },
  annotations: { "metadatamirror.dev/placement": "a b" },
  ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "web-1", uid: "p1", extra: true }],
};

const ourLabels = { "metadatamirror.dev/mirror": "web-peers" };

const state = {
  namespace: "shop",
  name: "web-peers",
  uid: "0d7c",
  resourceVersion: "7",
  terminating: false,
  mirror: "web-peers",
  ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "web-1", uid: "p1" }],
  immutable: false,
  placement: "a b",
  own: "",
};
/** What labels, other annotations and owners weigh as JSON. */
const weight = (...parts: unknown[]) => JSON.stringify(parts).length;

test("a ConfigMap is read with digests in place of its values", () => {
  const raw = { metadata, data: { podIP: "10.0.0.1" }, binaryData: { logo: "AAAA" } };
  const digests = new Map([["podIP", digest("10.0.0.1")]]);
  const sizes = new Map([["podIP", 8]]);
  expect(configMapState(raw, digest)).toEqual({
    ...state,
    digests,
    sizes,
    binaryKeys: ["logo"],
    restBytes: weight(metadata.labels, {}, state.ownerReferences) + 13,
    isPlain: false,
  });
});

test("of an empty one everything is there, and empty", () => {
  const { namespace, name, uid, resourceVersion } = metadata;
  const deletionTimestamp = "2026-11-23T18:00:00Z";
  const raw = { metadata: { namespace, name, uid, resourceVersion, deletionTimestamp }, immutable: true };
  expect(configMapState(raw, digest)).toEqual({
    ...state,
    terminating: true,
    mirror: undefined,
    ownerReferences: [],
    immutable: true,
    digests: new Map(),
    sizes: new Map(),
    binaryKeys: [],
    placement: "",
    restBytes: weight({}, {}, []),
    isPlain: true,
  });
});

test("after a write it is what was written, with the metadata of the answer", () => {
  const digests = new Map([["podIP", digest("10.0.0.2")]]);
  const held = { digests, sizes: new Map([["podIP", 8]]) };
  const answered = writtenState({ metadata: { ...metadata, resourceVersion: "8" } }, held);
  const read = configMapState({ metadata: { ...metadata, resourceVersion: "8" }, data: { podIP: "10.0.0.2" } }, digest);
  expect(answered).toEqual(read);
});

test("what has no name is no ConfigMap", () => {
  expect(() => configMapState({ metadata: {} }, digest)).toThrow("name");
  expect(() => writtenState({}, { digests: new Map(), sizes: new Map() })).toThrow("metadata");
});

test("the bytes of documents are known, and not those of files, whose keys hold a _", () => {
  const data = { hosts: "10.0.0.1 wéb", "web-1_podIP": "10.0.0.1" };
  expect(configMapState({ metadata, data }, digest).sizes).toEqual(new Map([["hosts", 13]]));
});

test("what others put on a ConfigMap is weighed, and what says which documents are of the own namespace is known", () => {
  const plain = configMapState({ metadata }, digest);
  const annotations = { ...metadata.annotations, "metadatamirror.dev/own-documents": "a.cfg", note: "é".repeat(1000) };
  const noted = configMapState({ metadata: { ...metadata, annotations } }, digest);
  expect(noted.own).toBe("a.cfg");
  expect(noted.restBytes - plain.restBytes).toBeGreaterThanOrEqual(2000);
  expect(writtenState({ metadata: { ...metadata, annotations } }, noted)).toEqual(noted);
});

test.each([
  ["nothing of others, and may be replaced", {}, true],
  ["a label of others", { labels: { ...ourLabels, team: "x" } }, false],
  ["an annotation of others", { annotations: { note: "x" } }, false],
  ["a finalizer", { finalizers: ["example.com/keep"] }, false],
  ["a name that was generated", { generateName: "web-" }, false],
])("its metadata has %s", (_, theirs, isPlain) => {
  const annotations = { "metadatamirror.dev/placement": "a", "metadatamirror.dev/own-documents": "b" };
  const raw = { metadata: { ...metadata, labels: ourLabels, annotations, ...theirs } };
  expect(configMapState(raw, digest).isPlain).toBe(isPlain);
});
