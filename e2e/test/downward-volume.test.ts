import { expect, test } from "vitest";
import { asMirrored } from "../src/kubelet-files.ts";
import type { Files } from "../src/files.ts";
import { deadline, useScene } from "./scene.ts";

const scene = useScene("volume");
const folder = "/etc/downward";

/** Waits until the kubelet's files are as expected, and then until the mirror has the same bytes; answers the files. */
async function expectFiles(pod: string, expected: unknown): Promise<Files> {
  await expect.poll(() => scene.filesIn(pod, folder), deadline).toEqual(expected);
  const files = await scene.filesIn(pod, folder);
  await expect.poll(() => scene.mirrored("downward-volume-peers", pod), deadline).toEqual(asMirrored(files));
  return files;
}

test("the files that a pod has of itself, its peers' mirror has of it, byte for byte", async () => {
  await scene.apply("docs/examples/downward-api-volume.yaml");
  await scene.ready("downward-volume");
  const files = await expectFiles("downward-volume", {
    podName: "downward-volume",
    podNamespace: scene.namespace,
    labels: 'app="downward-volume"\nfoo="bar"',
    annotations: expect.stringContaining('key1="value1"\nkey2="multi\\nline\\nvalue\\n"\n'),
    containerCpuRequestMilliCores: "15",
    containerMemoryLimitBytes: "16777216",
  });
  // the intended differences are there to be left out
  expect(files["annotations"]).toMatch(/^kubectl\.kubernetes\.io\/last-applied-configuration=/m);
  expect(files["annotations"]).toMatch(/^kubernetes\.io\/config\.seen=/m);
});

test("labels and annotations that change while the pod runs change the files of both", async () => {
  await scene.kubectl("label", "pod", "downward-volume", "--overwrite", "foo=baz", "added=yes");
  await scene.kubectl("annotate", "pod", "downward-volume", "--overwrite", "key1-", "key2=“neu” \\ end");
  await expectFiles(
    "downward-volume",
    expect.objectContaining({
      labels: 'added="yes"\napp="downward-volume"\nfoo="baz"',
      annotations: expect.stringMatching(/^key2="“neu” \\\\ end"\n/),
    }),
  );
});
