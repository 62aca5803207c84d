import { type KubernetesObject, pods } from "@metadata-mirror/api-client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useScene } from "./scene.ts";

const scene = useScene("refresh");

/** The kubelet looks at a pod every 60 to 90 s by itself. Three in a row that are this fast are not that. */
const soon = { timeout: 15_000, interval: 100 };

/** The revisions that each pod has had, in order. */
const revisions = new Map<string, string[]>();
const stop = new AbortController();

async function record(): Promise<void> {
  const { client, namespace } = scene;
  const decode = ({ metadata }: KubernetesObject) => ({
    name: metadata.name ?? "",
    revision: metadata.annotations?.["metadatamirror.dev/revision"],
  });
  for await (const event of client.watch(pods, { namespace, decode, signal: stop.signal })) {
    if (!("object" in event)) continue;
    const { name, revision } = event.object;
    const had = revisions.get(name) ?? [];
    revisions.set(name, had);
    if (revision !== undefined && had.at(-1) !== revision) had.push(revision);
  }
}

beforeAll(async () => {
  await scene.apply("test/manifests/refresh.yaml");
  void record();
  await scene.ready("web", "plain", "picky", "itself", "patient");
});
afterAll(() => stop.abort());

async function setValue(value: number): Promise<void> {
  await scene.kubectl("annotate", "pod", "web", "--overwrite", `value=${value}`);
}

const consumers = [
  { consumer: "plain", file: "/etc/peers/web_value", how: "a plain volume" },
  { consumer: "picky", file: "/etc/peers/web/value", how: "an optional source, by key" },
  { consumer: "itself", file: "/etc/peers/web_value", how: "a plain volume and is a peer itself" },
];

test.each([1, 2, 3])("change %d is at once in the files of all that mount it", async (value) => {
  await setValue(value);
  await Promise.all(
    consumers.map(({ consumer, file, how }) =>
      expect.poll(() => scene.exec(consumer, "cat", file), { ...soon, message: how }).toBe(String(value)),
    ),
  );
});

test("an init container that waits for its file sees it, and the pod starts", async () => {
  await scene.kubectl("wait", "--for=condition=Ready", "--timeout=15s", "pod/waiting");
});

/** Waits until the pod has been told of a change the second and last time; answers how many revisions it has had. */
async function settledRevisions(pod: string, above = 0): Promise<number> {
  const had = () => revisions.get(pod) ?? [];
  await expect.poll(() => had().length > above && had().at(-1)?.endsWith(".2"), soon).toBe(true);
  return had().length;
}

test("a pod that is a peer of itself is refreshed for a change, not for its refreshes", async () => {
  for (const value of [4, 5]) {
    const before = await settledRevisions("itself");
    await setValue(value);
    expect(await settledRevisions("itself", before + 1)).toBe(before + 2);
  }
  expect(await scene.exec("itself", "cat", "/etc/peers/itself_annotations")).not.toContain("metadatamirror.dev");
});

test("a file that is mounted by subPath stays as it was, its pod is not patched, and an Event says so", async () => {
  await scene.apply("test/manifests/refresh-sub-path.yaml");
  await scene.ready("fixed");
  await setValue(6);
  await expect.poll(() => scene.exec("plain", "cat", "/etc/peers/web_value"), soon).toBe("6");
  const reason = "--field-selector=reason=NeverRefreshed";
  const told = () => scene.kubectl("get", "events", reason, "--output=jsonpath={.items[*].involvedObject.name}");
  await expect.poll(told, soon).toBe("fixed");
  expect(await scene.exec("fixed", "cat", "/etc/value")).toBe("5");
  expect(revisions.get("fixed")).toEqual([]);
});

test("with KubeletSync no pod is patched", () => {
  expect(revisions.get("plain")?.length).toBeGreaterThan(2);
  expect(revisions.get("patient")).toEqual([]);
});
