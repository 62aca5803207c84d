import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mapItem, peerRecord, textItem } from "../test/peer-record.ts";
import { shownFields } from "./field.ts";
import { Format, shardKey } from "./format.ts";
import type { PeerRecord } from "./project.ts";
import { renderFiles } from "./render/files.ts";
import { aggregateOf, templateOf } from "./render/formats.ts";

const key = "peers";
const formats: readonly Format[] = [
  { type: "Files" },
  { type: "JSON", key },
  { type: "Hosts", key },
  { type: "PrometheusFileSD", key, prometheusFileSD: { port: 9090 } },
  { type: "Env", key },
  { type: "Template", key, template: { source: "x" } },
];

test.each(formats)("$type is written to files, to an aggregate or by a template", (format) => {
  const { type } = format;
  expect(aggregateOf(format)?.key).toBe(["Files", "Template"].includes(type) ? undefined : key);
  expect(templateOf(format)?.key).toBe(type === "Template" ? key : undefined);
});

/** The members of a peer that a format reads, which are fields of the pod unless they're of the mirror. */
function readBy(format: Format): string[] {
  const items = [textItem("name", "web-1"), mapItem("labels", { app: "web" })];
  const read = new Set<string>();
  const watched = new Proxy(peerRecord({ own: false, items }), {
    get: (record, name: string) => {
      read.add(name);
      return record[name as keyof PeerRecord];
    },
  });
  if (format.type === "Files") renderFiles(watched);
  aggregateOf(format)?.fragment(watched);
  return [...read].filter((name) => !["id", "own", "items", "problems"].includes(name)).toSorted();
}

/** The field of each member. That a peer is of another namespace is no secret: the mirror names it. */
const fieldOf: Readonly<Record<string, string>> = {
  name: "metadata.name",
  podIP: "status.podIP",
  podIPs: "status.podIPs",
};

test.each(formats)("$type reads no field of a pod but those that must be granted for it", (format) => {
  const fields = readBy(format).filter((name) => name !== "namespace");
  const missing = fields.map((name) => fieldOf[name]).filter((field) => !shownFields(format).includes(field ?? ""));
  expect(missing).toEqual([]);
});

describe("no two keys of a mirror are the same", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "1", ".", "-"), minLength: 1, maxLength: 4 });
  const path = fc
    .tuple(fc.constantFrom("a", "1"), fc.string({ unit: fc.constantFrom("a", "1", "_", ".", "-"), maxLength: 4 }))
    .map((parts) => parts.join(""));
  const documentKey = fc
    .string({ unit: fc.constantFrom("a", "1", "_", "-", "."), minLength: 1, maxLength: 8 })
    // the schema's pattern and its CEL rule
    .filter((one) => Format.safeParse({ type: "JSON", key: one }).success && !/-[0-9]+([.][^.]*)?$/.test(one));

  test("whatever the pods, the paths, the keys of documents and the shards", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ namespace: name, name, path }), { maxLength: 6 }),
        fc.uniqueArray(documentKey, { minLength: 1, maxLength: 4 }),
        fc.uniqueArray(fc.nat({ max: 255 }), { minLength: 1, maxLength: 3 }),
        (peers, keys, shards) => {
          const files = peers.flatMap(({ path: of, ...peer }) =>
            renderFiles(peerRecord({ ...peer, own: peer.namespace === "a", items: [textItem(of, "")] })).entries.map(
              (entry) => entry.key,
            ),
          );
          const documents = keys.flatMap((one) => shards.map((index) => shardKey(one, index)));
          expect(new Set(documents).size).toBe(documents.length);
          expect(files.filter((file) => documents.includes(file))).toEqual([]);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
