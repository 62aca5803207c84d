import { expect, test } from "vitest";
import { deadline, useScene } from "./scene.ts";

const scene = useScene("consumer");
const folder = "/etc/peers";

/** Makes the kubelet look at once: untouched it does about once a minute. */
async function look(): Promise<void> {
  await scene.kubectl("annotate", "pod", "consumer", "--overwrite", `look=${Date.now()}`);
}

/** Waits until the consumer's files are what the running pods of the Deployment should give. */
async function expectPeers(count: number, version: string): Promise<void> {
  await scene.kubectl("rollout", "status", "deployment/web", "--timeout=60s");
  await expect.poll(() => scene.running("app=web"), deadline).toHaveLength(count);
  const expected = Object.fromEntries(
    (await scene.running("app=web")).flatMap(({ metadata: { name }, status }) => [
      [`${name}_podIP`, status.podIP],
      [`${name}_version`, version],
    ]),
  );
  expect(Object.values(expected)).not.toContain("");
  await expect
    .poll(async () => {
      await look();
      const { "peers.json": document = "{}", ...files } = await scene.filesIn("consumer", folder);
      const { peers = [] } = JSON.parse(document) as { readonly peers?: readonly unknown[] };
      return { files, inDocument: peers.length };
    }, deadline)
    .toEqual({ files: expected, inDocument: count });
}

test("a consumer has no token, and sees its peers as files", async () => {
  await scene.apply("docs/examples/peers-as-files.yaml");
  await scene.ready("consumer");
  await expect(scene.exec("consumer", "ls", "/var/run/secrets")).rejects.toThrow("No such file or directory");
  await scene.kubectl("label", "pods", "--selector=app=web", "version=1");
  await expectPeers(2, "1");
});

test("it sees a peer come, change and go", async () => {
  await scene.kubectl("scale", "deployment/web", "--replicas=3");
  await scene.kubectl("rollout", "status", "deployment/web", "--timeout=60s");
  await scene.kubectl("label", "pods", "--selector=app=web", "--overwrite", "version=2");
  await expectPeers(3, "2");
  await scene.kubectl("scale", "deployment/web", "--replicas=1");
  await expectPeers(1, "2");
});
