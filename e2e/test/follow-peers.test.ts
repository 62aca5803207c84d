import { expect, test } from "vitest";
import { deadline, useScene } from "./scene.ts";

const scene = useScene("follow");

/** What the program has told of its peers so far, a line each. */
async function told(): Promise<readonly string[]> {
  const log = await scene.kubectl("logs", "deployment/follow-peers", "--container=main").catch(() => "");
  return log.split("\n").filter((line) => line.startsWith("peers:"));
}

/** Waits until the Deployment has `count` pods and the program has told exactly these; answers their addresses. */
async function expectTold(count: number): Promise<readonly string[]> {
  await scene.kubectl("rollout", "status", "deployment/web", "--timeout=60s");
  await expect.poll(() => scene.running("app=web"), deadline).toHaveLength(count);
  const pods = await scene.running("app=web");
  const addresses = pods.map(({ metadata, status }) => `${metadata.name}=${status.podIP}`).toSorted();
  await expect.poll(async () => (await told()).at(-1), deadline).toBe(["peers:", ...addresses].join(" "));
  return addresses;
}

/** How many peers the document of a shard has; undefined where there is no such shard. */
async function peersIn(shard: string, key: string): Promise<number | undefined> {
  const document = (await scene.data(shard))?.[key];
  if (document === undefined) return undefined;
  const { peers } = JSON.parse(document) as { readonly peers: readonly unknown[] };
  return peers.length;
}

async function scale(replicas: number): Promise<void> {
  await scene.kubectl("scale", "deployment/web", `--replicas=${replicas}`);
}

test("a program without a token tells its peers, and each that comes and goes, within what a refresh takes", async () => {
  await scene.apply("docs/examples/follow-peers.yaml");
  await scene.kubectl("rollout", "status", "deployment/follow-peers", "--timeout=60s");
  const volumes = "--output=jsonpath={.items[*].spec.volumes[*].name}";
  expect(await scene.kubectl("get", "pods", "--selector=app=follow-peers", volumes)).toBe("peers");

  const constant = await expectTold(2);
  for (const [pod = ""] of constant.map((address) => address.split("="))) {
    await scene.kubectl("annotate", "pod", pod, "controller.kubernetes.io/pod-deletion-cost=1000");
  }
  const before = (await told()).length;
  await scale(4);
  expect(await expectTold(4)).toEqual(expect.arrayContaining([...constant]));
  await scale(2);
  expect(await expectTold(2)).toEqual(constant);

  const since = (await told()).slice(before);
  for (const line of since) expect(line.split(" ")).toEqual(expect.arrayContaining([...constant]));
});

test("peers that are spread over more ConfigMaps are told all the same", async () => {
  const output = { spec: { output: { peersPerShard: 1 } } };
  await scene.kubectl("patch", "metadatamirror", "web-peers", "--type=merge", `--patch=${JSON.stringify(output)}`);
  await expect.poll(() => peersIn("web-peers-1", "peers-1.json"), deadline).toBe(1);
  await expectTold(2);
  await scale(3);
  await expect.poll(() => peersIn("web-peers-2", "peers-2.json"), deadline).toBe(1);
  await expectTold(3);
});

test("through all of it no line was told twice in a row", async () => {
  const lines = await told();
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.filter((line, index) => line === lines[index - 1])).toEqual([]);
});
