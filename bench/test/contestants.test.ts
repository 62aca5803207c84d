import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { systemClock } from "@metadata-mirror/api-client";
import { afterAll, beforeAll, describe, expect, test, type TestContext, vi } from "vitest";
import { nodeStart } from "../src/contestants/bare-node.ts";
import type { Contestant, Host, Job } from "../src/contestants/contestant.ts";
import { contestants } from "../src/contestants/contestants.ts";
import { observe } from "../src/measure/observer.ts";
import { podSpecs } from "../src/world/pod.ts";
import { changePod, createPods } from "../src/world/pods.ts";
import { storedLines } from "../src/world/stored.ts";
import { configMapVersion, createWorld, reset, type World } from "../src/world/world.ts";

/** On a machine that has never built them, the Go programs take minutes. */
vi.setConfig({
  hookTimeout: 20 * 60_000,
  testTimeout: 20 * 60_000,
  expect: { poll: { timeout: 30_000, interval: 50 } },
});

const [namespace, app, name] = ["shop", "web", "web-peers"];
let host: Host;
let world: World;
let directory: Awaited<ReturnType<typeof mkdtempDisposable>>;
beforeAll(async () => {
  directory = await mkdtempDisposable(join(tmpdir(), "contestants-"));
  host = {
    env: process.env,
    node: process.execPath,
    directory: directory.path,
    report: () => undefined,
    signal: new AbortController().signal,
  };
  const pods = podSpecs(namespace, app, 3);
  world = await createWorld({ pods, mirrors: [{ namespace, app, name }] }, host, systemClock);
  // of another app, and so nobody's peer
  await createPods(world, world.ledger, podSpecs(namespace, "other", 1));
});
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await directory?.remove();
});

/** Has it made. Python is the one thing that a machine which runs these tests may be without: then the test is left out. */
async function prepare(contestant: Contestant, { skip }: TestContext): Promise<void> {
  await contestant.prepare(host).catch((error: Error) => {
    if (contestant.id === "kopf") skip(error.message);
    throw error;
  });
}

function start(contestant: Contestant, options: Pick<Job, "mostPerObject"> = {}) {
  const login = world.controlPlane;
  const { kubeconfigPath } = login;
  const logPath = join(directory.path, `${contestant.id}.log`);
  return contestant.start({ kubeconfigPath, login, namespace, app, configMap: name, logPath, ...options }, host);
}

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly nodeName: string };
  readonly status: { readonly podIP: string; readonly hostIP: string };
}

/** What each should write, but for the hash. */
async function wantedLines(): Promise<readonly string[]> {
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3D${app}`;
  const { items } = JSON.parse(await world.api.send({ method: "GET", path })) as { readonly items: readonly Pod[] };
  return items.map(
    ({ metadata: { name, uid, labels, annotations }, spec: { nodeName }, status: { podIP, hostIP } }) => {
      const sorted = Object.fromEntries(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
      const notes = { seq: annotations["bench/seq"], note: annotations["bench/note"] };
      return JSON.stringify({ name, uid, podIP, hostIP, nodeName, labels: sorted, ...notes });
    },
  );
}

/** What is there, but for the hash, by name. */
async function lines(): Promise<readonly string[]> {
  const all = await storedLines(world.api, [namespace]);
  return all.map((line) => line.replace(/^\{"_id":"[\w-]{10}",/, "{")).toSorted();
}

/** How many lines there are in each ConfigMap. */
async function sizes(): Promise<Readonly<Record<string, number>>> {
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const { items } = JSON.parse(await world.api.send({ method: "GET", path })) as {
    readonly items: readonly { readonly metadata: { readonly name: string }; readonly data: Record<string, string> }[];
  };
  return Object.fromEntries(
    items.map(({ metadata, data }) => [metadata.name, Object.values(data).join("\n").split("\n").length]),
  );
}

async function change(index: number): Promise<void> {
  const pod = world.pods[index];
  if (!pod) throw new Error(`there is no pod ${index}`);
  await changePod(world.api, world.ledger, pod, world.ledger.issue(index));
}

describe.each(contestants.map((contestant) => [contestant.id, contestant] as const))("%s", (_, contestant) => {
  test("writes the line of each pod, follows its changes, and takes away that of a deleted one", async (context) => {
    await prepare(contestant, context);
    await reset(world);
    await using running = await start(contestant);
    const all = await wantedLines();
    expect(all).toHaveLength(3);
    await expect.poll(lines).toEqual(all);

    await change(1);
    const changed = await wantedLines();
    expect(changed).not.toEqual(all);
    await expect.poll(lines).toEqual(changed);

    const [pod] = world.pods.slice(2);
    await world.api.send({
      method: "DELETE",
      path: `/api/v1/namespaces/${namespace}/pods/${pod?.name}?gracePeriodSeconds=0`,
    });
    await expect.poll(lines).toEqual(changed.slice(0, 2));

    await createPods(world, world.ledger, world.pods.slice(2));
    await expect.poll(lines).toEqual(await wantedLines());
    expect(running.pid).toBeGreaterThan(0);
  });
});

test("the start alone writes the line of each pod, no more into an object than the job lets it", async () => {
  await reset(world);
  await using running = await start(nodeStart, { mostPerObject: 2 });
  await expect.poll(lines).toEqual(await wantedLines());
  await expect.poll(sizes).toEqual({ [name]: 2, [`${name}-1`]: 1 });
  expect(running.pid).toBeGreaterThan(0);
});

const peers = contestants.filter(({ id }) => id !== "metadata-mirror");

describe.each(peers.map((peer) => [peer.id, peer] as const))("%s", (_, peer) => {
  test("puts no more pods into an object than the job lets it, and writes nothing after a restart but what has changed", async (context) => {
    await prepare(peer, context);
    await reset(world);
    {
      await using _first = await start(peer, { mostPerObject: 2 });
      await expect.poll(lines).toEqual(await wantedLines());
      expect(await sizes()).toEqual({ [name]: 2, [`${name}-1`]: 1 });
    }
    await using observer = await observe(world.controlPlane, world, await configMapVersion(world.api));
    await change(0);
    await using _second = await start(peer, { mostPerObject: 2 });
    await expect.poll(lines).toEqual(await wantedLines());
    // in the other object: had that been written without need, it would have been seen before this
    await change(2);
    await expect.poll(lines).toEqual(await wantedLines());
    await expect.poll(() => observer.sighted().writes).toBe(2);
  });
});
