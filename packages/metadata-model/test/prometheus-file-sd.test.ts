import fc from "fast-check";
import { expect, test } from "vitest";
import { prometheusFileSDAggregate } from "../src/render/prometheus-file-sd.ts";
import { text } from "./arbitraries.ts";
import { path } from "./arbitrary-world.ts";
import { useFileSDOracle } from "./oracle.ts";
import { mapItem, peerRecord, textItem } from "./peer-record.ts";

// The oracle is Prometheus' own discovery/file, on a file as file_sd_configs names it.
const ask = useFileSDOracle();

const { fragment, document } = prometheusFileSDAggregate("targets.json", 9090);
const wellFormed = text.map((one) => one.toWellFormed());
const peers = fc.array(
  fc
    .record({
      podIP: fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant("")),
      items: fc.array(
        fc.oneof(
          fc.tuple(path, wellFormed).map(([of, value]) => textItem(of, value)),
          fc
            .tuple(path, fc.dictionary(wellFormed, text, { noNullPrototype: true }))
            .map(([of, map]) => mapItem(of, map)),
        ),
        { maxLength: 6 },
      ),
    })
    .map(peerRecord),
  { maxLength: 6 },
);

test("Prometheus finds in a document each peer with an IP, with its target and all of its labels, whatever the items", async () => {
  await fc.assert(
    fc.asyncProperty(peers, async (some) => {
      const made = document(some.map((peer) => fragment(peer).text));
      const { groups, error } = await ask({ document: made });
      expect(error).toBeUndefined();
      expect(groups).toEqual(JSON.parse(made));
      expect(groups.length).toBe(some.filter(({ podIP }) => podIP !== "").length);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ["an unknown member", '[{"targets": [], "label": {}}]', "unknown field"],
  ["a label that is no text", '[{"targets": [], "labels": {"a": 1}}]', "cannot unmarshal number"],
  ["what is no JSON", "[", "unexpected end of JSON input"],
])("it would refuse %s", async (_, of, message) => {
  expect((await ask({ document: of })).error).toContain(message);
});
