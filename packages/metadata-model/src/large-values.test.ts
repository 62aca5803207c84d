import { describe, expect, test } from "vitest";
import { digest, mirror, pod, world } from "../test/objects.ts";
import { PeerList } from "./peer-list.ts";
import { planner } from "./plan.ts";

/** As large as all annotations of a pod together may be (`TotalAnnotationSizeLimitB`). */
const note = "0123456789abcde\n".repeat(16_384);

const items = [
  { path: "ip", fieldRef: { fieldPath: "status.podIP" } },
  { path: "note", fieldRef: { fieldPath: "metadata.annotations['note']" } },
  { path: "annotations", fieldRef: { fieldPath: "metadata.annotations" } },
];

function pass(formats: NonNullable<Parameters<typeof mirror>[0]>["output"]) {
  const of = mirror({ items, output: formats });
  const plan = planner(of, digest)(world({ pods: [pod({ annotations: { note } })] }));
  const [created] = plan.create;
  const data = (created?.body as { data?: Record<string, string> } | undefined)?.data ?? {};
  return { data, complete: plan.status.findings.find(({ type }) => type === "Complete") };
}

describe("an annotation of 256 KiB", () => {
  test("is whole in the formats that can hold it", () => {
    const { data } = pass({
      maxShardSize: "1Mi",
      formats: [{ type: "Files" }, { type: "Template", key: "note", template: { source: "{{ peers[0].note | sh }}" } }],
    });
    expect(data["web-1_note"]).toBe(note);
    expect(data["note"]).toBe(`'${note}'`);
  });

  test("is whole in those that write what they hold as JSON", () => {
    const list = pass({ maxShardSize: "1Mi", formats: [{ type: "JSON", key: "peers.json" }] });
    expect(PeerList.parse(JSON.parse(list.data["peers.json"] ?? "")).peers[0]).toMatchObject({
      note,
      annotations: { note },
    });
    const prometheusFileSD = { port: 9090 };
    const targets = pass({
      maxShardSize: "1Mi",
      formats: [{ type: "PrometheusFileSD", key: "targets.json", prometheusFileSD }],
    });
    expect(JSON.parse(targets.data["targets.json"] ?? "")).toMatchObject([
      { labels: { __meta_metadatamirror_note: note, __meta_metadatamirror_annotations_note: note } },
    ]);
  });

  test("is left out of those that can't, and the rest of the pod is there", () => {
    const { data, complete } = pass({
      formats: [
        { type: "Env", key: "peers.env" },
        { type: "Hosts", key: "hosts" },
      ],
    });
    expect(data).toMatchObject({ "peers.env": "WEB_1_IP=10.0.0.1\n", hosts: "10.0.0.1 web-1 web-1.shop\n" });
    expect(complete).toMatchObject({ status: "False", reason: "NotEnv" });
  });

  test("makes the peer larger than a shard of the usual size, which is told", () => {
    const { data, complete } = pass({ formats: [{ type: "Files" }] });
    expect(data).toEqual({});
    expect(complete).toMatchObject({ status: "False", reason: "PeerTooLarge" });
  });
});
