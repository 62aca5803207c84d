import { expect, test } from "vitest";
import { createPod } from "../src/demo/sandbox.ts";
import { metadataGrants } from "../src/mirror/resources.ts";
import { createScene, useSandbox } from "./support.ts";

const sandbox = useSandbox({ operator: {} });

function grant(namespace: string, to: string, fieldPaths: string[]) {
  return sandbox.client.create(metadataGrants, {
    apiVersion: "metadatamirror.dev/v1alpha1",
    kind: "MetadataGrant",
    metadata: { namespace, name: "grant" },
    spec: { from: [{ namespace: to }], selector: { matchLabels: { app: "web" } }, fields: { fieldPaths } },
  });
}

const items = [
  { path: "ip", fieldRef: { fieldPath: "status.podIP" } },
  { path: "uid", fieldRef: { fieldPath: "metadata.uid" } },
];
const needed = ["metadata.name", "metadata.labels", "status.phase"];

test("a namespace shows its pods to others only while a grant of its own says so, and only what the grant says", async () => {
  const scene = await createScene(sandbox.client, "shop");
  const source = await createScene(sandbox.client, "shop-eu");
  const { client } = sandbox;
  await createPod(client, { namespace: "shop", name: "a", labels: { app: "web" }, podIP: "10.0.0.1" });
  await createPod(client, { namespace: "shop-eu", name: "b", labels: { app: "web" }, podIP: "10.0.0.2" });
  const peers = { selector: { matchLabels: { app: "web" } }, namespaces: ["shop", "shop-eu"] };
  await scene.createMirror("peers", { peers, items: items.slice(0, 1) });

  await scene.expectData("peers", { a_ip: "10.0.0.1" });
  await scene.expectCondition("peers", "Authorized", { status: "False", reason: "GrantMissing" });
  await scene.expectEvent("peers", "GrantMissing");

  await grant(source.namespace, "shop", [...needed, "status.podIP"]);
  await scene.expectData("peers", { a_ip: "10.0.0.1", "shop-eu__b_ip": "10.0.0.2" });
  await scene.expectCondition("peers", "Authorized", { status: "True", reason: "Granted" });

  await client.delete(metadataGrants, { namespace: "shop-eu", name: "grant" });
  await scene.expectData("peers", { a_ip: "10.0.0.1" });
  await scene.expectCondition("peers", "Authorized", { status: "False", reason: "GrantMissing" });
});

test("a grant that is narrowed takes the fields away, and what a mirror selects by must be granted", async () => {
  const scene = await createScene(sandbox.client, "reader");
  await createScene(sandbox.client, "source");
  const { client } = sandbox;
  const pod = await createPod(client, { namespace: "source", name: "b", labels: { app: "web" }, podIP: "10.0.0.2" });
  await grant("source", "reader", [...needed, "status.podIP", "metadata.uid"]);
  const peers = { selector: { matchLabels: { app: "web" } }, namespaces: ["source"] };
  await scene.createMirror("peers", { peers, items });
  const uid = pod.metadata.uid ?? "";
  await scene.expectData("peers", { source__b_ip: "10.0.0.2", source__b_uid: uid });

  const narrow = (fieldPaths: string[]) =>
    client.patch(metadataGrants, { namespace: "source", name: "grant" }, { spec: { fields: { fieldPaths } } });
  await narrow([...needed, "status.podIP"]);
  await scene.expectData("peers", { source__b_ip: "10.0.0.2" });
  await scene.expectCondition("peers", "Authorized", { status: "False", reason: "FieldNotGranted" });

  await narrow(["metadata.name", "status.phase", "status.podIP"]);
  await scene.expectData("peers", {});
  expect((await scene.configMap("peers"))?.metadata.annotations).toEqual({ "metadatamirror.dev/placement": "" });
});
