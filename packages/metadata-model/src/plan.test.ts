import { describe, expect, test } from "vitest";
import { apply, type Stored, states, storedByHand } from "../test/fake-api-server.ts";
import { digest, grant, mirror, pod, world } from "../test/objects.ts";
import type { ReadableMirror } from "./metadata-mirror.ts";
import { type Plan, planner } from "./plan.ts";
import type { World } from "./world.ts";

const web = ["web-1", "web-2", "web-3"].map((name) => pod({ name }));
const small = mirror({ output: { peersPerShard: 1, maxShards: 2 } });

const nobody: Stored = new Map();
const planOf = (of: ReadableMirror, fields: Partial<World>, stored = nobody) =>
  planner(of, digest)(world({ ...fields, existing: states(stored) }));

/** The ids of the peers of each ConfigMap that is to be written. */
const written = ({ create, patch }: Plan) =>
  Object.fromEntries([...create, ...patch].map(({ name, data }) => [name, data.placement]));
const finding = ({ status }: Plan, type: string) => status.findings.find((one) => one.type === type);

describe("the peers of a mirror", () => {
  const pods = [
    pod({ name: "web-1", labels: { app: "web" } }),
    pod({ name: "db-1", labels: { app: "db" } }),
    pod({ name: "gone", labels: { app: "web" }, phase: "Failed" }),
    pod({ name: "far", labels: { app: "web" }, namespace: "shop-eu" }),
    pod({ name: "else", labels: { app: "web" }, namespace: "other" }),
  ];
  const selector = { matchLabels: { app: "web" } };

  test("are the pods of its namespace that it selects and that are there", () => {
    expect(written(planOf(mirror({ peers: { selector } }), { pods }))).toEqual({ "web-peers": "#web-1" });
  });

  test("are those of other namespaces that it names too, where these are granted", () => {
    const of = mirror({ peers: { selector, namespaces: ["shop", "shop-eu"] } });
    const fields = ["metadata.name", "status.phase", "metadata.labels"];
    const plan = planOf(of, { pods, grants: [grant(fields)] });
    expect(written(plan)).toEqual({ "web-peers": "#web-1 #far" });
    expect(finding(plan, "Authorized")).toMatchObject({ status: "False", reason: "FieldNotGranted" });
    expect(written(planOf(of, { pods }))).toEqual({ "web-peers": "#web-1" });
  });
});

test("a mirror that names other namespaces only has no peers of its own", () => {
  const of = mirror({ peers: { selector: {}, namespaces: ["shop-eu"] } });
  expect(written(planOf(of, { pods: web }))).toEqual({ "web-peers": "" });
});

describe("the shards of a mirror", () => {
  test("are there from the start, with no peers", () => {
    expect(written(planOf(mirror(), {}))).toEqual({ "web-peers": "" });
  });

  test("are counted with their peers, and those that found no room are told", () => {
    const plan = planOf(small, { pods: web });
    expect(plan.status).toMatchObject({
      peerCount: 2,
      shards: [
        { name: "web-peers", peers: 1 },
        { name: "web-peers-1", peers: 1 },
      ],
    });
    expect(finding(plan, "Complete")).toMatchObject({ status: "False", reason: "TooManyPeers" });
  });

  test("count for nothing where they are someone else's", () => {
    const theirs = storedByHand({ metadata: { namespace: "shop", name: "web-peers" } });
    const plan = planOf(small, { pods: web }, theirs);
    expect(plan.problems).toMatchObject([{ reason: "TargetConflict", configMap: "web-peers" }]);
    expect(written(plan)).toEqual({ "web-peers-1": "#web-2" });
    expect(plan.status).toMatchObject({ peerCount: 1, shards: [{ name: "web-peers-1", peers: 1 }] });
  });

  test("go when no peers are left for them, from the second on", () => {
    const stored = apply(planOf(small, { pods: web }), nobody);
    const plan = planOf(small, {}, stored);
    expect(plan.patch.map(({ name }) => name)).toEqual(["web-peers"]);
    expect(plan.remove.map(({ name }) => name)).toEqual(["web-peers-1"]);
  });

  test("go, too, when there may not be so many any more", () => {
    const stored = apply(planOf(mirror({ output: { peersPerShard: 1 } }), { pods: web }), nobody);
    expect(planOf(small, { pods: web }, stored).remove.map(({ name }) => name)).toEqual(["web-peers-2"]);
  });

  test("are sought in the mirror's own namespace only", () => {
    const elsewhere = storedByHand({ metadata: { namespace: "shop-eu", name: "web-peers" } });
    expect(written(planOf(mirror(), {}, elsewhere))).toEqual({ "web-peers": "" });
  });
});

describe("a peer", () => {
  test("stays on its shard while others come and go", () => {
    const two = mirror({ output: { peersPerShard: 2 } });
    const stored = apply(planOf(two, { pods: web }), nobody);
    const plan = planOf(two, { pods: [...web.slice(1), pod({ name: "a-new-one" })] }, stored);
    expect(written(plan)).toEqual({ "web-peers": "#a-new-one #web-2" });
  });

  test("isn't where a ConfigMap that isn't the mirror's says that it is", () => {
    const annotations = { "metadatamirror.dev/placement": "#web-1" };
    const theirs = storedByHand({ metadata: { namespace: "shop", name: "web-peers-1", annotations } });
    expect(written(planOf(mirror(), { pods: web }, theirs))).toEqual({ "web-peers": "#web-1 #web-2 #web-3" });
  });

  test("that two ConfigMaps hold, since a plan was carried out by half, is kept once", () => {
    const stored = apply(planOf(small, { pods: web.slice(0, 2) }), nobody);
    const doubled = storedByHand(
      ...[...stored.values()].map(({ metadata, ...rest }) => ({
        ...rest,
        metadata: { ...metadata, annotations: { "metadatamirror.dev/placement": "#web-1" } },
      })),
    );
    for (const existing of [states(doubled), states(doubled).toReversed()]) {
      const plan = planner(small, digest)(world({ pods: web.slice(0, 2), existing }));
      expect(written(plan)).toEqual({ "web-peers": "#web-2", "web-peers-1": "#web-1" });
    }
  });
});

test("refreshing consumers at once, where that is asked for, and the role that it takes", () => {
  const of = mirror({ consumers: { refreshPolicy: "Immediate" } });
  expect(finding(planOf(of, {}), "Refreshed")).toMatchObject({ status: "True", reason: "Immediate" });
  expect(finding(planOf(of, { refreshRefused: true }), "Refreshed")).toMatchObject({
    status: "False",
    reason: "Forbidden",
    message: expect.stringMatching(/pods\/status in namespace shop.*metadata-mirror-refresh/),
  });
  expect(finding(planOf(mirror(), { refreshRefused: true }), "Refreshed")).toBeUndefined();
});

test("a peer that is larger than a shard is told as such, and the others are written", () => {
  const items = [{ path: "note", fieldRef: { fieldPath: "metadata.annotations['note']" } }];
  const of = mirror({ items, output: { maxShardSize: "4Ki", maxShards: 1, peersPerShard: 1 } });
  const pods = [pod({ name: "big", annotations: { note: "x".repeat(4096) } }), ...web];
  const plan = planOf(of, { pods });
  expect(written(plan)).toEqual({ "web-peers": "#web-1" });
  expect(finding(plan, "Complete")).toMatchObject({
    reason: "PeerTooLarge",
    message: expect.stringMatching(/^1 peer larger .* first shop\/big; 2 peers left out/) as string,
  });
});
