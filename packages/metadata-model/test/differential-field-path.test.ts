import fc from "fast-check";
import { expect, test } from "vitest";
import { fieldPaths, fieldText, parseFieldPath } from "../src/field-path.ts";
import { podMetadata } from "../src/pod-metadata.ts";
import { isProblem } from "../src/problem.ts";
import { key, podWithMetadata } from "./arbitraries.ts";
import { outcome, runs, useOracle } from "./oracle.ts";

const ask = useOracle();

function ourField(path: string, pod: unknown) {
  const parsed = parseFieldPath(path);
  return isProblem(parsed) ? "error" : { value: fieldText(parsed, podMetadata(pod)) };
}

const inVolumes = ["metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels", "metadata.annotations"];
const inEnv = [
  "spec.nodeName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.podIP",
  "status.podIPs",
];
const ours = ["status.phase", "status.conditions['Ready']"];
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

const subscript = fc
  .tuple(fc.constantFrom("metadata.labels", "metadata.annotations", "metadata.name", "", "status.conditions"), key)
  .map(([path, one]) => `${path}['${one}']`)
  .filter((path) => !path.startsWith("metadata.annotations['metadatamirror.dev/"));
const path = fc.oneof(fc.constantFrom(...inVolumes), { weight: 2, arbitrary: subscript }, key);

/** The pod as Kubernetes is shown it for `path`: without the annotations that we leave out of the whole map. */
function shown(pod: { readonly metadata: { readonly annotations: Readonly<Record<string, string>> } }, path: string) {
  if (path !== "metadata.annotations") return pod;
  const kept = Object.entries(pod.metadata.annotations).filter(
    ([one]) => !one.startsWith("metadatamirror.dev/") && one !== lastApplied,
  );
  return { ...pod, metadata: { ...pod.metadata, annotations: Object.fromEntries(kept) } };
}

test("any path of any pod is what a volume shows, or equally refused", async () => {
  await fc.assert(
    fc.asyncProperty(podWithMetadata, path, async (pod, one) => {
      const answer = await ask({ op: "fieldPath", pod: shown(pod, one), path: one });
      expect(ourField(one, pod)).toEqual(outcome(answer));
    }),
    runs,
  );
});

test("any letter that has a case is equally taken or refused as a subscript", async () => {
  const cased = Array.from({ length: 0x110000 }, (_, code) => code)
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code))
    .filter((one) => one.toLowerCase() !== one || one.toUpperCase() !== one);
  const paths = cased.flatMap((one) => [`metadata.labels['${one}']`, `metadata.annotations['${one}']`]);
  const answers = await Promise.all(paths.map((one) => ask({ op: "fieldPath", pod: {}, path: one })));
  expect(paths.filter((one) => isProblem(parseFieldPath(one)))).toEqual(
    paths.filter((_, index) => answers[index]?.error !== undefined),
  );
  expect(paths.length).toBeGreaterThan(2000);
});

test("the closed list is what Kubernetes accepts in volumes and env, and two of ours", async () => {
  const others = [
    "spec.restartPolicy",
    "spec.schedulerName",
    "status.startTime",
    "metadata",
    "metadata.name['x']",
    "x",
  ];
  const candidates = [
    ...inVolumes,
    ...inEnv,
    ...ours,
    ...others,
    "metadata.labels['app']",
    "metadata.annotations['A/b']",
  ];
  const answers = await Promise.all(candidates.map((one) => ask({ op: "accepted", path: one })));
  const accepted = candidates.filter((_, index) => answers[index]?.error === undefined);
  expect(candidates.filter((one) => !isProblem(parseFieldPath(one)))).toEqual(
    candidates.filter((one) => accepted.includes(one) || ours.includes(one)),
  );
  expect(fieldPaths.toSorted()).toEqual([...inVolumes, ...inEnv, ...ours].toSorted());
});

test("the intended differences: Kubernetes shows annotations of ours and the last applied configuration", async () => {
  const annotations = { "metadatamirror.dev/revision": "1", [lastApplied]: "{}", note: "x" };
  const pod = { metadata: { namespace: "shop", name: "web-1", uid: "0d7c", annotations } };
  const theirs = await ask({ op: "fieldPath", pod, path: "metadata.annotations" });
  expect(theirs.value.split("\n")).toEqual([`${lastApplied}="{}"`, 'metadatamirror.dev/revision="1"', 'note="x"']);
  expect(ourField("metadata.annotations", pod)).toEqual({ value: 'note="x"' });

  const revision = "metadata.annotations['metadatamirror.dev/revision']";
  expect(outcome(await ask({ op: "fieldPath", pod, path: revision }))).toEqual({ value: "1" });
  expect(ourField(revision, pod)).toBe("error");
});

test("the intended difference: spec.host, which Kubernetes keeps for old clients, is not a field path", async () => {
  expect(await ask({ op: "accepted", path: "spec.host" })).toEqual({ value: "" });
  expect(isProblem(parseFieldPath("spec.host"))).toBe(true);
});
