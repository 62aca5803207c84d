import { pods } from "@metadata-mirror/api-client";
import { beforeAll, expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { leaseDurationMs, leaseRecord, leases } from "../src/runtime/lease.ts";
import { type Audited, isTaken, isWrite } from "../src/testing/audit-log.ts";
import { podOf, type Term, termsOf } from "../src/testing/terms.ts";
import { deployPath, useKubectl } from "./kubectl.ts";
import { audit, auditLog, operatorNamespace, type ReplicaProcess, startReplica } from "./replica-process.ts";
import { createScene, type Scene, useSandbox } from "./support.ts";

const sandbox = useSandbox({ audit });
const kubectl = useKubectl(sandbox);
let scenes: readonly Scene[] = [];

beforeAll(async () => {
  const overlay = deployPath("overlays/cluster-wide");
  expect(kubectl(["apply", "--server-side", "-k", overlay])).toMatchObject({ status: 0, stderr: "" });
  const namespaces = Array.from({ length: 8 }, (_, i) => `shop-${i}`);
  scenes = await Promise.all(namespaces.map((namespace) => createScene(sandbox.client, namespace)));
  for (const scene of scenes) {
    await createPod(sandbox.client, { namespace: scene.namespace, name: "a", labels: { app: "web", version: "0" } });
    await scene.createMirror("peers");
  }
});

/** Labels the pods with the version, and waits until the ConfigMaps say so, and the mirrors that all is well. */
async function roll(version: string): Promise<void> {
  const patch = { metadata: { labels: { version } } };
  await Promise.all(scenes.map(({ client, namespace }) => client.patch(pods, { namespace, name: "a" }, patch)));
  const data = { a_podName: "a", a_labels: `app="web"\nversion="${version}"` };
  await Promise.all(scenes.map((scene) => scene.expectData("peers", data)));
  for (const scene of scenes) await scene.expectCondition("peers", "Ready", { status: "True", reason: "InSync" });
}

/** A replica that is ready: those that share one Lease stand by, all but one. */
async function ready(pod: string): Promise<ReplicaProcess> {
  const replica = await startReplica(sandbox, pod, ["--leader-elect"]);
  await replica.logged("ready");
  return replica;
}

/** Waits until one of these has the Lease, and answers which. */
async function expectHolder(...of: readonly ReplicaProcess[]): Promise<string> {
  const ref = { namespace: operatorNamespace, name: "metadata-mirror-0-of-1" };
  const holder = async () => {
    const holding = podOf(leaseRecord(await sandbox.client.get(leases, ref)));
    return of.find(({ pod }) => pod === holding)?.pod;
  };
  await expect.poll(holder, { timeout: 20_000, interval: 20 }).toBeDefined();
  return (await holder()) ?? "";
}

const isReplica = ({ by }: Audited) => by.startsWith("operator-");
const whatIsWritten = (log: readonly Audited[]) => [
  ...new Set(log.filter((each) => isReplica(each) && isWrite(each) && isTaken(each)).map(({ resource }) => resource)),
];

/** How long it took each time until the Lease came to another, since it was released or else last renewed, in milliseconds. */
function pauses(terms: readonly Term[]): readonly number[] {
  return terms.slice(1).map(({ renewedAt: [takenAt = 0] }, i) => {
    const { releasedAt, renewedAt } = terms[i] as Term;
    return takenAt - (releasedAt ?? renewedAt.at(-1) ?? 0);
  });
}

test("a roll-out of two replicas, one after the other, leaves the mirrors to nobody for less than a second each time, and writes nothing but the Lease", async () => {
  await using first = await ready("operator-1a");
  await expectHolder(first);
  await roll("1");
  await using second = await ready("operator-1b");
  const before = (await auditLog(sandbox)).length;

  await using third = await ready("operator-2a");
  expect(await first.stop()).toBe(0);
  const holder = await expectHolder(second, third);
  await using fourth = await ready("operator-2b");
  // the one that has the Lease, so that it's handed over in each step
  const [old, other] = holder === second.pod ? [second, third] : [third, second];
  expect(await old.stop()).toBe(0);
  await expectHolder(other, fourth);
  for (const scene of scenes) await scene.expectCondition("peers", "Ready", { status: "True", reason: "InSync" });

  const log = await auditLog(sandbox);
  const terms = termsOf(log);
  expect(terms.map(({ holder: pod }) => pod)).toHaveLength(3);
  expect(Math.max(...pauses(terms))).toBeLessThan(1_000);
  expect(whatIsWritten(log.slice(before))).toEqual(["leases"]);
  // what has been written is in the log, if it is
  await roll("2");
  expect(whatIsWritten((await auditLog(sandbox)).slice(before))).toContain("configmaps");
  await Promise.all([other, fourth].map((replica) => replica.stop()));
});

test("a replica that is killed is taken over from in 17 s by one that watched all the time and wrote nothing, and which writes no ConfigMap that is right", async () => {
  await using first = await ready("operator-3a");
  await expectHolder(first);
  await using second = await ready("operator-3b");
  await roll("3");
  await roll("4");
  const before = (await auditLog(sandbox)).length;
  first.kill("SIGKILL");
  const killedAt = Date.now();
  await expectHolder(second);
  for (const scene of scenes) await scene.expectCondition("peers", "Ready", { status: "True", reason: "InSync" });

  const log = await auditLog(sandbox);
  const takenAt = termsOf(log).findLast(({ holder }) => holder === second.pod)?.renewedAt[0] ?? 0;
  expect(takenAt - killedAt).toBeLessThan(17_000);
  expect(takenAt - killedAt).toBeGreaterThan(leaseDurationMs - 2_500);
  expect(whatIsWritten(log.slice(before))).toEqual(["leases"]);

  const standingBy = log.filter(({ by, receivedAt }) => by === second.pod && receivedAt < takenAt);
  expect(standingBy.filter(isWrite)).toEqual([]);
  const watched = standingBy.filter(({ verb }) => verb === "watch").map(({ resource }) => resource);
  expect(watched).toEqual(expect.arrayContaining(["configmaps", "leases", "metadatamirrors", "pods"]));
  await roll("5");
  expect(await second.stop()).toBe(0);
});
