import { expect, test } from "vitest";
import { deadline, useScene } from "./scene.ts";

const scene = useScene("rolling");
const replicas = 20;

test(`after a Deployment of ${replicas} peers is rolled, the files name exactly the running pods`, async () => {
  await scene.apply("docs/examples/rolling-deployment.yaml");
  await scene.ready("consumer");
  const before = await expectInFiles();
  await scene.kubectl("rollout", "restart", "deployment/web");
  const after = await expectInFiles();
  expect(after.filter((name) => before.includes(name))).toEqual([]);
});

/** Waits until the Deployment is rolled out and the consumer's files name exactly its pods, which it answers. */
async function expectInFiles(): Promise<readonly string[]> {
  await scene.kubectl("rollout", "status", "deployment/web", "--timeout=120s");
  await expect.poll(() => scene.running("app=web"), deadline).toHaveLength(replicas);
  const running = await scene.running("app=web");
  const expected = Object.fromEntries(running.map(({ metadata, status }) => [`${metadata.name}_podIP`, status.podIP]));
  expect(Object.values(expected)).not.toContain("");
  await expect
    .poll(async () => {
      // makes the kubelet look at once
      await scene.kubectl("annotate", "pod", "consumer", "--overwrite", `look=${Date.now()}`);
      return scene.filesIn("consumer", "/etc/peers");
    }, deadline)
    .toEqual(expected);
  return running.map(({ metadata }) => metadata.name);
}
