import { createHash } from "node:crypto";
import {
  isReadable,
  metadataGrant,
  metadataMirror,
  nodeMetadata,
  type Plan,
  planner,
  podMetadata,
} from "@metadata-mirror/metadata-model";
import { expect, test } from "vitest";
import { differences, join } from "../check/joined.ts";
import {
  grantManifest,
  mirrorManifest,
  nodeManifest,
  nodeStatus,
  podManifest,
  podStatus,
} from "../cluster/manifests.ts";
import { schedule } from "../schedule/schedule.ts";
import { stage } from "../schedule/stage.ts";
import type { Mirror } from "../world/mirror.ts";
import { keyOf, after, emptyWorld, type World } from "../world/world.ts";
import { contentOf } from "./content.ts";
import { isAuthorized } from "./permit.ts";
import { peersOf } from "./peer.ts";

const digest = (text: string) => createHash("sha256").update(text).digest("base64url");

/** The object as the API server stores it. */
function stored(manifest: { readonly metadata: object }, status: object = {}, deleted = false): object {
  const uid = digest(JSON.stringify(manifest.metadata));
  const deletion = deleted ? { deletionTimestamp: "2026-11-30T00:00:00Z" } : {};
  return { ...manifest, ...status, metadata: { ...manifest.metadata, uid, ...deletion } };
}

/** What the operator's planner makes of a mirror for which there is nothing yet. */
function planOf(mirror: Mirror, world: World): Plan {
  const read = metadataMirror(stored(mirrorManifest(mirror)));
  if (!isReadable(read)) throw new Error(read.problem);
  const nodes = new Map(
    [...world.nodes].map(([name, cpus]) => [name, nodeMetadata({ ...nodeManifest(name), ...nodeStatus(cpus) })]),
  );
  const isNever = () => false;
  return planner(
    read,
    digest,
  )({
    pods: [...world.pods.values()].map((pod) => podMetadata(stored(podManifest(pod), podStatus(pod), pod.terminating))),
    node: (name) => nodes.get(name),
    grants: [...world.grants.values()].map((grant) => metadataGrant(stored(grantManifest(grant)))),
    existing: [],
    mounted: isNever,
    refreshRefused: false,
    isBlocked: isNever,
    mayLetGo: isNever,
    reachable: () => true,
  });
}

/** Where the plan isn't what the model says. */
function disagreements(mirror: Mirror, world: World): readonly string[] {
  const { create, status } = planOf(mirror, world);
  const shards = create.map(({ name, data }) => ({
    name,
    resourceVersion: "1",
    label: mirror.name,
    binaryKeys: [],
    data: Object.fromEntries([...data.values].map(([key, { value }]) => [key, value])),
  }));
  const { content, faults } = join(mirror, shards);
  const authorized = status.findings.find(({ type }) => type === "Authorized")?.status === "True";
  return [
    ...faults,
    ...differences(contentOf(mirror, world), content, false),
    ...(authorized === isAuthorized(mirror, world) ? [] : [`Authorized is ${authorized}`]),
    ...(status.peerCount === peersOf(mirror, world).length ? [] : [`there are ${status.peerCount} peers`]),
  ];
}

test.each([11, 12])("seed %d: the model and the operator's plan, made apart, say the same of each mirror", (seed) => {
  let world = emptyWorld(stage.nodes);
  let compared = 0;
  for (const entry of schedule({ seed, stage, replicas: 2, slow: false })) {
    if (entry.type === "quiet" && entry.round === 6) break;
    if (entry.type !== "change") continue;
    world = after(world, entry.change);
    if (entry.step % 40 !== 0) continue;
    for (const mirror of world.mirrors.values()) {
      expect(disagreements(mirror, world), `step ${entry.step}, mirror ${keyOf(mirror)}`).toEqual([]);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(100);
});
