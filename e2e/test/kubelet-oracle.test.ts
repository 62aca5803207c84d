import { expect, test } from "vitest";
import { asMirrored } from "../src/kubelet-files.ts";
import { deadline, useScene } from "./scene.ts";

const scene = useScene("oracle");
const folder = "/etc/downward";
const pods = ["set", "unset", "pod-level", "resized"];
const itemCount = 35;

/** Waits until the mirror has of the pod what the kubelet wrote to its own volume. */
async function expectEqual(pod: string): Promise<void> {
  await expect
    .poll(async () => {
      const files = asMirrored(await scene.filesIn(pod, folder));
      const mirrored = await scene.mirrored("oracle", pod);
      const paths = new Set([...Object.keys(files), ...Object.keys(mirrored)]);
      const different = [...paths].filter((path) => files[path] !== mirrored[path]);
      return {
        equal: paths.size - different.length,
        different: different.map((path) => [path, files[path], mirrored[path]]),
      };
    }, deadline)
    .toEqual({ equal: itemCount, different: [] });
}

test("of every item the mirror's bytes are those that the kubelet wrote to the peer's own volume", async () => {
  await scene.apply("test/manifests/kubelet-oracle.yaml");
  await scene.ready(...pods);
  for (const pod of pods) await expectEqual(pod);
});

test("the files show what the cases are about", async () => {
  const set = await scene.filesIn("set", folder);
  expect(set).toMatchObject({
    "missing-label": "",
    "missing-annotation": "",
    "multi-line": "first\nsecond\n\n  indented\ttabbed\r\n",
    "main.requests.cpu.1m": "16",
    "main.limits.memory.1Mi": "64",
    "setup.requests.cpu.1m": "7",
    "sidecar.requests.memory": "16777216",
  });
  expect(set["annotations"]).toContain('control="\\a\\b\\f\\v\\x01\\x1b\\x7f\\u0080"\n');
  const unset = await scene.filesIn("unset", folder);
  expect(Number(unset["main.limits.cpu.1m"])).toBeGreaterThanOrEqual(1000);
  const podLevel = await scene.filesIn("pod-level", folder);
  expect(podLevel["main.limits.cpu.1m"]).toBe(unset["main.limits.cpu.1m"]);
});

test("while a resize can't be done, both show what was asked for", async () => {
  const resources = { requests: { cpu: "64" }, limits: { cpu: "64" } };
  const patch = JSON.stringify({ spec: { containers: [{ name: "main", resources }] } });
  await scene.kubectl("patch", "pod", "resized", "--subresource=resize", "--patch", patch);
  const reason = '--output=jsonpath={.status.conditions[?(@.type=="PodResizePending")].reason}';
  await expect.poll(() => scene.kubectl("get", "pod", "resized", reason), deadline).toBe("Infeasible");
  await expect
    .poll(() => scene.filesIn("resized", folder), deadline)
    .toMatchObject({ "main.limits.cpu.1m": "64000", "main.requests.cpu.1": "64" });
  await expectEqual("resized");
});
