import {
  type ApiClient,
  connect,
  pods,
  type Resource,
  systemClock,
  type WatchOptions,
} from "@metadata-mirror/api-client";
import { fromKubeconfig } from "@metadata-mirror/auth";
import { freePort } from "@metadata-mirror/control-plane";
import { expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { valueOf } from "../src/testing/series.ts";
import { startGate } from "./gate.ts";
import { createScene, startOperator, useSandbox } from "./support.ts";

const sandbox = useSandbox();
/** The operator of the tests is in a hurry, see `startOperator`: what it waits for takes a tenth. */
const haste = 10;
/** For how long the watch behind the gate may bring nothing, in milliseconds: in a minute kube-apiserver sends a bookmark, we don't wait for it. */
const stallMs = 2_000;
const deadline = { timeout: 40_000, interval: 100 };

/** A client whose watch of the pods of `namespace` goes through a gate. */
async function gatedClient(namespace: string) {
  await using stack = new AsyncDisposableStack();
  const credentials = await fromKubeconfig([sandbox.controlPlane.kubeconfigPath], {
    now: () => systemClock.monotonic(),
  });
  const gate = stack.use(await startGate(Number(new URL(credentials.server).port)));
  const gated = stack.use(connect({ ...credentials, server: `https://127.0.0.1:${gate.port}` }));
  function watch<T>(resource: Resource, { onContact, ...options }: WatchOptions<T>) {
    const isGated = resource === pods && options.namespace === namespace;
    return (isGated ? gated : sandbox.client).watch(resource, {
      ...options,
      ...(isGated && { stallMs }),
      // in the time of the operator
      onContact: (kind, boundMs) => onContact?.(kind, boundMs * haste),
    });
  }
  const client: ApiClient = { ...sandbox.client, watch };
  const owned = stack.move();
  return { client, gate, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Changes the pod again and again, so that its watch has something to tell. */
function stir(namespace: string, name: string): AsyncDisposable {
  const stop = new AbortController();
  async function run(): Promise<void> {
    for (let count = 0; !stop.signal.aborted; count++) {
      await sandbox.client.patch(pods, { namespace, name }, { metadata: { annotations: { count: String(count) } } });
      await systemClock.sleep(200, stop.signal);
    }
  }
  const running = run();
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

const namesOf = (...names: string[]) => Object.fromEntries(names.map((name) => [`${name}_podName`, name]));

test("a watch that stalls is told by status, Event, metrics and liveness, and when it's free again all is well", {
  timeout: 120_000,
}, async () => {
  const scene = await createScene(sandbox.client, "stalled");
  const other = await createScene(sandbox.client, "followed");
  const { namespace, client } = scene;
  await using stirred = new AsyncDisposableStack();
  // so that each watch of pods has something to tell: the next bookmark may be a minute away
  for (const { namespace: where } of [scene, other]) {
    await createPod(client, { namespace: where, name: "a", labels: { app: "web" } });
    stirred.use(stir(where, "a"));
  }
  const healthPort = await freePort();
  await using gated = await gatedClient(namespace);
  await using _operator = startOperator(gated.client, { healthPort });

  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${healthPort}${path}`);
    return { status: answer.status, text: await answer.text() };
  };
  const value = async (series: string) => valueOf(series, (await ask("/metrics")).text);
  const ofPods = `{resource="pods",scope="${namespace}"}`;
  const freshAt = () => value(`mirror_fresh_timestamp_seconds{namespace="${namespace}",mirror="peers"}`);
  const items = [{ path: "podName", fieldRef: { fieldPath: "metadata.name" } }];
  await scene.createMirror("peers", { items });
  await other.createMirror("peers", { items });
  await scene.expectData("peers", namesOf("a"));
  for (const { expectCondition } of [scene, other])
    await expectCondition("peers", "Fresh", { status: "True", reason: "UpToDate" });
  expect(await ask("/livez")).toEqual({ status: 200, text: "ok\n" });
  expect(await value("mirrors_stale")).toBe(0);
  await expect.poll(freshAt, deadline).toBeGreaterThan(Date.now() / 1_000 - 1);

  const closedAt = Date.now() / 1_000;
  gated.gate.close();
  await createPod(client, { namespace, name: "b", labels: { app: "web" } });
  await expect
    .poll(() => ask("/livez"), deadline)
    .toMatchObject({
      status: 503,
      text: expect.stringMatching(`^the watch of pods in namespace ${namespace} has had no answer for .* since `),
    });
  const message = expect.stringContaining(`the watch of pods in namespace ${namespace} has told nothing since `);
  const isStale = { status: "False", reason: "Stale", message };
  await expect.poll(() => value("mirrors_stale"), deadline).toBe(1);
  await scene.expectCondition("peers", "Fresh", isStale);
  await scene.expectEvent("peers", "Stale");
  await other.expectCondition("peers", "Fresh", { status: "True", reason: "UpToDate" });
  expect(await value(`watch_contact_bound_seconds${ofPods}`)).toBe((stallMs * haste) / 1_000);
  expect(await value(`watch_contact_age_seconds${ofPods}`)).toBeGreaterThan((stallMs * haste) / 1_000);
  const lastContact = (await value(`watch_last_contact_timestamp_seconds${ofPods}`)) ?? Number.NaN;
  expect(Math.abs(lastContact - closedAt)).toBeLessThan(2);
  const stoodAt = (await freshAt()) ?? Number.NaN;
  expect(stoodAt).toBeLessThanOrEqual(lastContact);
  expect(closedAt - stoodAt).toBeLessThan(30);
  expect((await scene.configMap("peers"))?.["data"]).toEqual(namesOf("a"));

  gated.gate.open();
  await scene.expectData("peers", namesOf("a", "b"));
  await scene.expectCondition("peers", "Fresh", { status: "True", reason: "UpToDate" });
  expect(await ask("/livez")).toEqual({ status: 200, text: "ok\n" });
  expect(await value("mirrors_stale")).toBe(0);
  await expect.poll(freshAt, deadline).toBeGreaterThan(closedAt + 1);
});
