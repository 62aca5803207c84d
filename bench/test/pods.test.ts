import { tmpdir } from "node:os";
import process from "node:process";
import { systemClock } from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { type PodSpec, podBody, podSpecs, statusBody } from "../src/world/pod.ts";
import { createWorld } from "../src/world/world.ts";

interface Pod {
  readonly metadata: Readonly<Record<string, unknown>>;
}

test("a pod that is put into etcd is what the API server would have made, of the size that was promised", async () => {
  const host = {
    env: process.env,
    node: process.execPath,
    directory: tmpdir(),
    report: () => undefined,
    signal: new AbortController().signal,
  };
  const pods = podSpecs("shop", "web", 3);
  const mirrors = [{ namespace: "shop", app: "web", name: "peers" }];
  await using world = await createWorld({ pods, mirrors }, host, systemClock);
  const { api } = world;
  const path = "/api/v1/namespaces/shop/pods";
  const send = (method: "GET" | "POST" | "PATCH" | "DELETE", at: string, body?: string) =>
    api.send({
      method,
      path: at,
      ...(body !== undefined && { body }),
      ...(method === "PATCH" && { contentType: "application/merge-patch+json" }),
    });
  // what is of the moment, and who wrote which field when
  const lasting = (text: string) => {
    const pod = JSON.parse(text) as Pod;
    const { uid, resourceVersion, creationTimestamp, managedFields, ...metadata } = pod.metadata;
    expect([uid, resourceVersion, creationTimestamp, managedFields]).not.toContain(undefined);
    return { ...pod, metadata };
  };
  const copies = pods.slice(1);
  const uids = new Set<unknown>();
  for (const [index, pod] of copies.entries()) {
    const copied = await send("GET", `${path}/${pod.name}`);
    expect(copied.length).toBeGreaterThan(4_000);
    uids.add((JSON.parse(copied) as Pod).metadata["uid"]);
    await send("DELETE", `${path}/${pod.name}?gracePeriodSeconds=0`);
    await make(pod, index + 2);
    expect(lasting(copied)).toEqual(lasting(await send("GET", `${path}/${pod.name}`)));
  }
  expect(uids.size).toBe(copies.length);

  async function make(pod: PodSpec, seq: number): Promise<void> {
    await send("POST", path, podBody(pod, seq));
    await send("PATCH", `${path}/${pod.name}/status`, statusBody(pod));
  }
});
