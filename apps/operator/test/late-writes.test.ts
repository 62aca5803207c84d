import { type ApiClient, ApiError, pods } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { leaseRecord, leases } from "../src/runtime/lease.ts";
import { createScene, type Scene, startOperator, useSandbox } from "./support.ts";

const sandbox = useSandbox();
const shared = { leases: { namespace: "default", shards: 1 } };

/** A client that, once it's stopped, sends what is written only when it goes on: as a process that SIGSTOP has caught between its last look and the write. */
function stoppable(client: ApiClient) {
  let isStopped = false;
  const going = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<"taken" | ApiError>();
  const stopped: ApiClient = {
    ...client,
    async replace(resource, object, options) {
      if (!isStopped) return client.replace(resource, object, options);
      asked.resolve();
      await going.promise;
      const answer = client.replace(resource, object, options);
      answered.resolve(
        answer.then(
          () => "taken" as const,
          (error: unknown) => ApiError.from(error),
        ),
      );
      return answer;
    },
    async patch(resource, ref, body, options) {
      if (isStopped) await going.promise;
      return client.patch(resource, ref, body, options);
    },
  };
  return {
    client: stopped,
    stop: () => void (isStopped = true),
    go: () => going.resolve(),
    /** A ConfigMap is to be written, and what became of that. */
    asked: asked.promise,
    answered: answered.promise,
  };
}

const setVersion = ({ namespace, client }: Scene, version: string) =>
  client.patch(pods, { namespace, name: "a" }, { metadata: { labels: { version } } });

const dataOf = (version: string) => ({ a_podName: "a", a_labels: `app="web"\nversion="${version}"` });

async function holder(): Promise<string> {
  return leaseRecord(await sandbox.client.get(leases, { namespace: "default", name: "metadata-mirror-0-of-1" })).holder;
}

/** A mirror in sync, whose replica `a` is stopped when it's about to write version 2; `b` stands by. */
async function stoppedInTheMiddle(namespace: string, stack: AsyncDisposableStack) {
  const scene = await createScene(sandbox.client, namespace);
  await createPod(sandbox.client, { namespace, name: "a", labels: { app: "web", version: "1" } });
  await scene.createMirror("peers");
  const a = stoppable(sandbox.client);
  stack.use(startOperator(a.client, shared, undefined, "a"));
  stack.defer(() => a.go());
  await scene.expectData("peers", dataOf("1"));
  await scene.expectCondition("peers", "Ready", { status: "True" });
  stack.use(startOperator(sandbox.client, shared, undefined, "b"));
  a.stop();
  await setVersion(scene, "2");
  await a.asked;
  return { scene, a };
}

test("a write that arrives after another replica has written the ConfigMap is refused", async () => {
  await using stack = new AsyncDisposableStack();
  const { scene, a } = await stoppedInTheMiddle("refused", stack);
  await setVersion(scene, "3");
  await scene.expectData("peers", dataOf("3"));
  expect(await holder()).toBe("b");
  a.go();
  expect(await a.answered).toMatchObject({ code: "conflict" });
  expect((await scene.configMap("peers"))?.["data"]).toEqual(dataOf("3"));
});

test("a write that arrives before another replica has written the ConfigMap is taken, as if it had come in time, and put right where it's not the truth any more", async () => {
  await using stack = new AsyncDisposableStack();
  const { scene, a } = await stoppedInTheMiddle("taken", stack);
  // so that there is nothing to write for who comes next
  await setVersion(scene, "1");
  await expect.poll(holder, { timeout: 20_000 }).toBe("b");
  expect((await scene.configMap("peers"))?.["data"]).toEqual(dataOf("1"));
  a.go();
  expect(await a.answered).toBe("taken");
  await scene.expectData("peers", dataOf("1"));
});
