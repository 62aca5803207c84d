import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ApiClient, configMaps, type KubernetesObject, pods, systemClock } from "@metadata-mirror/api-client";
import { beforeAll, expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { metadataMirrors } from "../src/mirror/resources.ts";
import { leases } from "../src/runtime/lease.ts";
import { shardOf } from "../src/shards/spread.ts";
import { until } from "./calm.ts";
import { account, deployPath, operatorClient, operatorUser, useKubectl } from "./kubectl.ts";
import { startProcess } from "./operator-process.ts";
import { createScene, type Scene, startOperator, useSandbox } from "./support.ts";

const sandbox = useSandbox({ users: [operatorUser] });
const kubectl = useKubectl(sandbox);
const leaseNamespace = "metadata-mirror";
const shards = 6;
/** Two whose mirror `peers` is of each shard. */
const byShard = Map.groupBy(
  Array.from({ length: 100 }, (_, i) => `shop-${i}`),
  (namespace) => shardOf(`${namespace}/peers`, shards),
);
const namespaces = [...byShard.values()].flatMap((some) => some.slice(0, 2));
let scenes: readonly Scene[] = [];

/** What the replicas do, they do with the rights that the manifests give: those in `leaseNamespace` are of a Role there. */
beforeAll(async () => {
  const overlay = deployPath("overlays/cluster-wide-sharded");
  const applied = kubectl(["apply", "--server-side", "--force-conflicts", "-k", overlay]);
  expect(applied).toMatchObject({ status: 0, stderr: "" });
  const { client } = sandbox;
  scenes = await Promise.all(namespaces.map((namespace) => createScene(client, namespace)));
  for (const scene of scenes) {
    await createPod(client, { namespace: scene.namespace, name: "a", labels: { app: "web" } });
    await scene.createMirror("peers");
  }
});

async function all(client: ApiClient, resource: typeof leases, namespace?: string): Promise<KubernetesObject[]> {
  const found: KubernetesObject[] = [];
  for await (const { items } of client.list(resource, namespace === undefined ? {} : { namespace }))
    found.push(...items);
  return found;
}

/** Who holds each shard, by its Lease; "" where nobody does. */
async function holders(): Promise<readonly string[]> {
  const found = await all(sandbox.client, leases, leaseNamespace);
  const ofShards = found.filter(({ metadata }) => !metadata.name?.includes("replica"));
  return ofShards.map(({ spec }) => (spec as { holderIdentity?: string }).holderIdentity ?? "");
}

/** How many shards each replica holds, in order. */
async function shares(): Promise<readonly number[]> {
  const byHolder = Map.groupBy(
    (await holders()).filter((holder) => holder !== ""),
    (holder) => holder,
  );
  return [...byHolder.values()].map(({ length }) => length).toSorted((a, b) => a - b);
}

/** The resourceVersions of the ConfigMaps and of the mirrors: what is written changes one. */
async function versions(): Promise<readonly string[]> {
  const objects = [...(await all(sandbox.client, configMaps)), ...(await all(sandbox.client, metadataMirrors))];
  return objects
    .filter(({ metadata }) => metadata.name === "peers")
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.resourceVersion}`)
    .toSorted();
}

/** Labels the pod of each namespace with the version. */
async function setVersion(version: string): Promise<void> {
  const labels = { app: "web", version };
  await Promise.all(
    namespaces.map((namespace) => sandbox.client.patch(pods, { namespace, name: "a" }, { metadata: { labels } })),
  );
}

const expectVersion = (version: string) =>
  Promise.all(
    scenes.map((scene) => scene.expectData("peers", { a_podName: "a", a_labels: `app="web"\nversion="${version}"` })),
  );

/** Waits until all is told and nothing more is written: conditions come after the data. */
async function settled(): Promise<readonly string[]> {
  for (const scene of scenes) await scene.expectCondition("peers", "Ready", { status: "True", reason: "InSync" });
  return versions();
}

/** A replica in this process, and what it did: the namespaces whose ConfigMaps it wrote, and those whose pods it watched. */
async function replica(identity: string) {
  const client = await operatorClient(sandbox.controlPlane);
  const wrote: string[] = [];
  const watched = new Set<string>();
  const observed: ApiClient = {
    ...client,
    create(resource, object, options) {
      if (resource === configMaps) wrote.push(object.metadata.namespace ?? "");
      return client.create(resource, object, options);
    },
    replace(resource, object, options) {
      if (resource === configMaps) wrote.push(object.metadata.namespace ?? "");
      return client.replace(resource, object, options);
    },
    patch(resource, ref, body, options) {
      if (resource === configMaps) wrote.push(ref.namespace ?? "");
      return client.patch(resource, ref, body, options);
    },
    watch(resource, options) {
      if (resource === pods) watched.add(options.namespace ?? "");
      return client.watch(resource, options);
    },
  };
  const shared = { leases: { namespace: leaseNamespace, shards } };
  const operator = startOperator(observed, shared, systemClock, identity);
  return { wrote, watched, [Symbol.asyncDispose]: () => operator[Symbol.asyncDispose]() };
}

const soon = { timeout: 20_000, interval: 20 };

test("replicas share the mirrors evenly, each is kept by one of them, who watches no pods but those that it needs; and what they hand over, nobody writes anew", async () => {
  await using a = await replica("a");
  await setVersion("1");
  await expectVersion("1");
  const before = await settled();
  await using b = await replica("b");
  await using c = await replica("c");
  await expect.poll(shares, soon).toEqual([2, 2, 2]);
  expect(await settled()).toEqual(before);

  for (const { wrote } of [a, b, c]) wrote.splice(0);
  await setVersion("2");
  await expectVersion("2");
  const wrote = [a, b, c].map((each) => each.wrote.toSorted());
  expect(wrote.map(({ length }) => length)).toEqual([4, 4, 4]);
  expect(wrote.flat().toSorted()).toEqual(namespaces.toSorted());
  expect([...c.watched]).toEqual(expect.arrayContaining(wrote[2] ?? []));
  // of a third shard on the way to two at the most
  expect(c.watched.size).toBeLessThanOrEqual(6);

  const after = await settled();
  await c[Symbol.asyncDispose]();
  const stopped = performance.now();
  await expect.poll(shares, soon).toEqual([3, 3]);
  expect(performance.now() - stopped).toBeLessThan(1_000);
  expect(await settled()).toEqual(after);
  await setVersion("3");
  await expectVersion("3");

  await Promise.all([a, b].map((each) => each[Symbol.asyncDispose]()));
  expect(new Set(await holders())).toEqual(new Set([""]));
});

test("a replica that is stopped ends what it is writing, and releases its Leases after that", async () => {
  const done: string[] = [];
  const [sent, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const client = await operatorClient(sandbox.controlPlane);
  const slow: ApiClient = {
    ...client,
    async replace(resource, object, options) {
      sent.resolve();
      await answer.promise;
      const stored = await client.replace(resource, object, options);
      done.push(resource.plural);
      return stored;
    },
    async patch(resource, ref, body, options) {
      const stored = await client.patch(resource, ref, body, options);
      const isReleased = resource === leases && (stored["spec"] as { holderIdentity?: string }).holderIdentity === "";
      if (isReleased) done.push(resource.plural);
      return stored;
    },
  };
  const shared = { leases: { namespace: leaseNamespace, shards } };
  const operator = startOperator(slow, shared, systemClock, "slow");
  await expect.poll(shares, soon).toEqual([shards]);
  await setVersion("3.1");
  await sent.promise;
  const stopped = operator[Symbol.asyncDispose]();
  await until(performance.now() + 300);
  expect([done, await shares()]).toEqual([[], [shards]]);
  answer.resolve();
  await stopped;
  expect(done.indexOf("leases")).toBe(done.lastIndexOf("configmaps") + 1);
  expect(done.filter((what) => what === "leases")).toHaveLength(shards);
});

/** A replica as a process, as its pod runs it: one Lease for all mirrors. */
async function processReplica(podName: string) {
  const KUBECONFIG = join(sandbox.controlPlane.directory, "replica.kubeconfig");
  await writeFile(KUBECONFIG, sandbox.controlPlane.user(account).kubeconfig);
  const environment = { KUBECONFIG, POD_NAME: podName, POD_NAMESPACE: leaseNamespace };
  const started = startProcess(["run", "--leader-elect", "--health-port=0"], environment);
  await started.logged("ready");
  return started;
}

/** Whose pod it is that holds the one Lease; undefined where nobody holds it. */
async function holder(): Promise<string | undefined> {
  const found = await all(sandbox.client, leases, leaseNamespace);
  const one = found.find(({ metadata }) => metadata.name === "metadata-mirror-0-of-1");
  return /^(.+)-[0-9a-f]{8}$/.exec((one?.["spec"] as { holderIdentity?: string })?.holderIdentity ?? "")?.[1];
}

const takeOver = { timeout: 17_000, interval: 20 };

test("a replica that is stopped, or killed, is taken over from in 17 s with nothing written anew, and when it goes on it writes nothing until it has the Lease again", async () => {
  await using first = await processReplica("first");
  await expect.poll(holder, soon).toBe("first");
  await expectVersion("3.1");
  await using second = await processReplica("second");
  // who stands by is ready, with the pods of all mirrors at hand
  expect(second.log.find(({ msg }) => msg === "ready")?.pods).toBe(namespaces.length);
  expect(await second.get("/metrics")).toMatch(/^metadata_mirror_shards_held 0$/m);
  expect(await first.get("/metrics")).toMatch(/^metadata_mirror_mirrors_owned 12$/m);

  const before = await settled();
  first.kill("SIGSTOP");
  await expect.poll(holder, takeOver).toBe("second");
  expect(await settled()).toEqual(before);
  await setVersion("4");
  await expectVersion("4");
  const after = await settled();

  second.kill("SIGKILL");
  const killed = performance.now();
  await setVersion("5");
  first.kill("SIGCONT");
  await first.logged("could not renew the shard in time");
  await until(performance.now() + 3_000);
  expect([await holder(), await versions()]).toEqual(["second", after]);
  await expect.poll(holder, takeOver).toBe("first");
  expect(performance.now() - killed).toBeLessThan(17_000);
  await expectVersion("5");

  await using third = await processReplica("third");
  const last = await settled();
  expect(await first.stop()).toBe(0);
  const stopped = performance.now();
  await expect.poll(holder, soon).toBe("third");
  expect(performance.now() - stopped).toBeLessThan(1_000);
  await setVersion("6");
  await expectVersion("6");
  expect(last).toHaveLength(2 * namespaces.length);
  expect(await third.stop()).toBe(0);
});
