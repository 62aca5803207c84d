import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FieldPath, fieldPaths, fieldText, fieldValue, parseFieldPath } from "./field-path.ts";
import { podMetadata } from "./pod-metadata.ts";
import { isProblem } from "./problem.ts";

const pod = podMetadata({
  metadata: {
    namespace: "shop",
    name: "web-1",
    uid: "0d7c",
    labels: { tier: "back", app: "web", "10": "ten", "9": "nine" },
    annotations: {
      "example.com/Note": "line 1\nline 2",
      "metadatamirror.dev/revision": "abc",
      "kubectl.kubernetes.io/last-applied-configuration": '{"env":"secret"}',
    },
  },
  spec: { nodeName: "node-1", serviceAccountName: "default" },
  status: {
    phase: "Running",
    conditions: [{ type: "Ready", status: "True" }],
    hostIP: "10.0.0.1",
    hostIPs: [{ ip: "10.0.0.1" }],
    podIP: "10.1.0.1",
    podIPs: [{ ip: "10.1.0.1" }, { ip: "fd00::1" }],
  },
});

const nothing = podMetadata({ metadata: { namespace: "shop", name: "web-1", uid: "0d7c" } });

function path(text: string): FieldPath {
  const parsed = parseFieldPath(text);
  if (isProblem(parsed)) throw new Error(parsed.message);
  return parsed;
}

describe("a field of a pod, as text and as a value", () => {
  const labels = '10="ten"\n9="nine"\napp="web"\ntier="back"';
  test.each<[string, string, unknown]>([
    ["metadata.name", "web-1", "web-1"],
    ["metadata.namespace", "shop", "shop"],
    ["metadata.uid", "0d7c", "0d7c"],
    ["metadata.labels", labels, { "10": "ten", "9": "nine", app: "web", tier: "back" }],
    ["metadata.annotations", 'example.com/Note="line 1\\nline 2"', { "example.com/Note": "line 1\nline 2" }],
    ["metadata.labels['app']", "web", "web"],
    ["metadata.annotations['example.com/Note']", "line 1\nline 2", "line 1\nline 2"],
    ["spec.nodeName", "node-1", "node-1"],
    ["spec.serviceAccountName", "default", "default"],
    ["status.hostIP", "10.0.0.1", "10.0.0.1"],
    ["status.hostIPs", "10.0.0.1", ["10.0.0.1"]],
    ["status.podIP", "10.1.0.1", "10.1.0.1"],
    ["status.podIPs", "10.1.0.1,fd00::1", ["10.1.0.1", "fd00::1"]],
    ["status.phase", "Running", "Running"],
    ["status.conditions['Ready']", "True", "True"],
  ])("%s", (text, asText, asValue) => {
    expect(fieldText(path(text), pod)).toBe(asText);
    expect(fieldValue(path(text), pod)).toEqual(asValue);
  });

  test("every field path without a subscript can be read, and is empty where the pod has nothing", () => {
    const texts = fieldPaths.map((text) => fieldText(path(text), nothing));
    expect(texts).toEqual(["web-1", "shop", "0d7c", ...Array.from(fieldPaths.slice(3), () => "")]);
  });

  test("a label or annotation that isn't there is empty, also one that every object seems to have", () => {
    for (const key of ["app", "constructor", "toString"]) {
      expect(fieldText(path(`metadata.labels['${key}']`), nothing)).toBe("");
      expect(fieldValue(path(`metadata.annotations['${key}']`), nothing)).toBe("");
    }
  });
});

describe("annotations", () => {
  test("are looked up as they are written, though checked in lower case", () => {
    expect(fieldText(path("metadata.annotations['example.com/note']"), pod)).toBe("");
    expect(path("metadata.annotations['Example.COM/Note']")).toEqual({
      field: "metadata.annotations",
      key: "Example.COM/Note",
    });
    expect(parseFieldPath("metadata.labels['Example.COM/Note']")).toMatchObject({ reason: "UnsupportedField" });
  });

  test("are lower-cased rune by rune, as Go does it", () => {
    expect(isProblem(parseFieldPath("metadata.annotations['\u0130\u212a']"))).toBe(false);
  });

  test("hold the configuration that kubectl applied by subscript only", () => {
    const lastApplied = path("metadata.annotations['kubectl.kubernetes.io/last-applied-configuration']");
    expect(fieldText(lastApplied, pod)).toBe('{"env":"secret"}');
    expect(fieldText(path("metadata.annotations"), pod)).not.toContain("secret");
  });

  test("of our own are not mirrored, neither in the whole map nor by subscript", () => {
    expect(fieldText(path("metadata.annotations"), pod)).not.toContain("metadatamirror.dev");
    expect(parseFieldPath("metadata.annotations['metadatamirror.dev/revision']")).toMatchObject({
      reason: "UnsupportedField",
      message: expect.stringContaining("never mirrored"),
    });
  });
});

describe("anything else is an unsupported field", () => {
  test.each([
    "",
    "metadata",
    "metadata.names",
    "metadata.name ",
    "metadata.labels[app]",
    "metadata.labels['']",
    "metadata.labels[']",
    "metadata.labels['a']['b']",
    "metadata.labels['a b']",
    "metadata.annotations['a/b/c']",
    "metadata.name['x']",
    "['x']",
    "status.conditions['PodScheduled']",
    "spec.host",
    "spec.restartPolicy",
    "constructor",
    "__proto__",
  ])("%j", (text) => {
    const problem = parseFieldPath(text);
    expect(problem).toMatchObject({
      reason: "UnsupportedField",
      message: expect.stringContaining(JSON.stringify(text)),
    });
  });
});

test("the property: parsing any text is a field path or a problem, and reading it never fails", () => {
  const near = fc
    .tuple(
      fc.constantFrom(...fieldPaths),
      fc.constantFrom("", "['", "[", "."),
      fc.string({ unit: fc.constantFrom("a", "K", "-", "/", ".", "'", "[", "]", "\n", "\u0130", "\u{1f600}") }),
      fc.constantFrom("']", "]", ""),
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(near, fc.string()), (text) => {
      const parsed = parseFieldPath(text);
      if (!isProblem(parsed)) expect(typeof fieldText(parsed, pod)).toBe("string");
    }),
  );
});
