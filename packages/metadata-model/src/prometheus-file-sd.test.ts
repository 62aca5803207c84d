import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { text } from "../test/arbitraries.ts";
import { mapItem, peerRecord, textItem } from "../test/peer-record.ts";
import { prometheusFileSDAggregate } from "./render/prometheus-file-sd.ts";

const { key, fragment, document } = prometheusFileSDAggregate("targets.json", 9090);
const group = (fields: Parameters<typeof peerRecord>[0]) => JSON.parse(fragment(peerRecord(fields)).text) as unknown;

test("it's a list of target groups, a line each peer", () => {
  const peers = [peerRecord(), peerRecord({ podIP: "10.0.0.2", items: [textItem("name", "web-2")] })];
  expect(key).toBe("targets.json");
  expect(document(peers.map((peer) => fragment(peer).text))).toBe(`[
{"targets":["10.0.0.1:9090"],"labels":{}},
{"targets":["10.0.0.2:9090"],"labels":{"__meta_metadatamirror_name":"web-2"}}
]
`);
});

test("without peers it is an empty list, and a pod without an address is not in it", () => {
  expect(fragment(peerRecord({ podIP: "" }))).toEqual({ text: "" });
  expect(JSON.parse(document([]))).toEqual([]);
  expect(JSON.parse(document(["", fragment(peerRecord()).text, ""]))).toHaveLength(1);
});

test("an address of IPv6 is in brackets, and of two the pod's first one is the target", () => {
  expect(group({ podIP: "fd00::1", podIPs: ["fd00::1", "10.0.0.1"] })).toMatchObject({ targets: ["[fd00::1]:9090"] });
});

describe("the labels", () => {
  test("are the items, named as Prometheus names its own, and of a map each entry", () => {
    const items = [
      textItem("pod-name", "web-1"),
      { path: "cpu", text: "250", json: "250" },
      { path: "ips", text: "10.0.0.1,fd00::1", json: '["10.0.0.1","fd00::1"]' },
      mapItem("labels", { app: "web", "example.com/zone": "ä" }),
    ];
    expect(group({ items })).toEqual({
      targets: ["10.0.0.1:9090"],
      labels: {
        __meta_metadatamirror_pod_name: "web-1",
        __meta_metadatamirror_cpu: "250",
        __meta_metadatamirror_ips: "10.0.0.1,fd00::1",
        __meta_metadatamirror_labels_app: "web",
        __meta_metadatamirror_labels_example_com_zone: "ä",
      },
    });
  });

  test("of one name are the first one's, and the item of the other is told once", () => {
    const items = [
      textItem("labels_a", "1"),
      mapItem("labels", { a: "2", "b.c": "3", "b/c": "4" }),
      textItem("x", "5"),
    ];
    expect(group({ items })).toMatchObject({
      labels: { __meta_metadatamirror_labels_a: "1", __meta_metadatamirror_labels_b_c: "3" },
    });
    expect(fragment(peerRecord({ items })).problems).toMatchObject([{ path: "labels", reason: "LabelNameTaken" }]);
  });

  test("are names of Prometheus' first grammar and well-formed texts, whatever is in the items", () => {
    const path = fc.string({ unit: fc.constantFrom("a", "B", ".", "-", "_", "1"), minLength: 1 });
    const items = fc.array(
      fc.oneof(
        fc
          .tuple(
            path,
            text.map((one) => one.toWellFormed()),
          )
          .map(([of, value]) => textItem(of, value)),
        fc.tuple(path, fc.dictionary(text, text, { noNullPrototype: true })).map(([of, map]) => mapItem(of, map)),
      ),
    );
    fc.assert(
      fc.property(items, (some) => {
        const { labels } = group({ items: some }) as { labels: Record<string, string> };
        for (const [name, value] of Object.entries(labels)) {
          expect(name).toMatch(/^__meta_metadatamirror_[a-zA-Z0-9_]+$/);
          expect(value.isWellFormed()).toBe(true);
        }
      }),
    );
  });
});
