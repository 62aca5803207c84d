import { describe, expect, test } from "vitest";
import type { Permit } from "../authorize.ts";
import { podMetadata } from "../pod-metadata.ts";
import { projector } from "../project.ts";
import { claimSettler } from "./claims.ts";
import { envAggregate } from "./env.ts";
import { hostsAggregate } from "./hosts.ts";
import { jsonAggregate } from "./json.ts";
import { peerRenderer, type PeerStyle, titleOf } from "./peer.ts";
import { createRecentFragments } from "./recent-fragments.ts";

const items = [
  { path: "ip", fieldRef: { fieldPath: "status.podIP" } },
  { path: "cpu", resourceFieldRef: { containerName: "main", resource: "limits.cpu", divisor: "1m" } },
];
const everything: Permit = { id: "*", paths: new Set(["ip", "cpu"]), named: true, own: true };
const nameless: Permit = { id: "ip", paths: new Set(["ip", "cpu"]), named: false, own: false };

const raw = (name = "web-1", namespace = "shop") => ({
  metadata: { namespace, name, uid: "0d7c3a5e-91f4" },
  spec: { nodeName: "node-1", containers: [{ name: "main" }] },
  status: { podIP: "10.0.0.1" },
});
const node = { name: "node-1", allocatable: { cpu: "2" } };

const renderer = (files = true, templates: readonly unknown[] = [], change: Partial<PeerStyle> = {}) =>
  peerRenderer({
    files,
    aggregates: [jsonAggregate("peers.json"), hostsAggregate("hosts")],
    templates,
    project: projector(items),
    digest: (text) => `#${text}`,
    recent: createRecentFragments(),
    ...change,
  });

describe("a peer as it is written", () => {
  const { render, fragmentsOf } = renderer();
  const peer = render(podMetadata(raw()), node, everything);

  test("has its files with their digests, and a fragment for each aggregate", () => {
    expect([...peer.files]).toEqual([
      ["web-1_ip", { value: "10.0.0.1", digest: "#10.0.0.1", bytes: 8 }],
      ["web-1_cpu", { value: "2000", digest: "#2000", bytes: 4 }],
    ]);
    expect(fragmentsOf(peer)).toEqual(['{"_id":"#0d7c3a5e-","ip":"10.0.0.1","cpu":2000}', "10.0.0.1 web-1 web-1.shop"]);
  });

  test("is known by a short id that is made of its uid alone", () => {
    expect(peer.id).toBe("#0d7c3a5e-");
  });

  test("weighs its values, twice its keys, its fragments and its id", () => {
    const files = 2 * "web-1_ip".length + "10.0.0.1".length + 2 * "web-1_cpu".length + "2000".length;
    const fragments =
      ',\n{"_id":"#0d7c3a5e-","ip":"10.0.0.1","cpu":2000}'.length + "10.0.0.1 web-1 web-1.shop".length + 2;
    expect(peer.size).toBe(files + fragments + " #0d7c3a5e-".length);
  });

  test("has no files where the mirror doesn't write that format", () => {
    const without = renderer(false);
    const made = without.render(podMetadata(raw()), node, everything);
    expect([made.files.size, without.fragmentsOf(made).length]).toEqual([0, 2]);
  });

  test("is what templates see too, where the mirror has one, and else not once more in memory", () => {
    expect(peer).not.toHaveProperty("record");
    const { record } = renderer(true, ["a template"]).render(podMetadata(raw()), node, everything);
    expect({ ...record }).toEqual({ _id: "#0d7c3a5e-", ip: "10.0.0.1", cpu: 2000 });
  });
});

describe("the problems of a peer", () => {
  test("are those of its items, with its name and all that is known", () => {
    const peer = renderer().render(podMetadata(raw()), "forbidden", everything);
    expect(titleOf(peer)).toBe("shop/web-1");
    expect(peer.problems).toEqual([
      { path: "cpu", reason: "NodeUnknown", message: expect.stringContaining("node-1") as string },
    ]);
  });

  test("name neither the pod nor its node nor its containers where these aren't granted", () => {
    const peer = renderer().render(podMetadata(raw("web-1", "shop-eu")), "forbidden", nameless);
    expect(titleOf(peer)).toBe("a pod of shop-eu");
    expect(peer.problems.map(({ path, reason }) => [path, reason])).toEqual([["cpu", "NodeUnknown"]]);
    expect(peer.problems[0]?.message).not.toMatch(/web-1|node-1|main/);
  });

  test("are keys that are too long too: they are no files, but are in the aggregates", () => {
    const name = `${"a.".repeat(124)}aa`;
    const { render, fragmentsOf } = renderer();
    const peer = render(podMetadata(raw(name)), node, everything);
    expect([...peer.files.keys()].map((key) => key.length)).toEqual([253]);
    expect(peer.problems).toContainEqual(expect.objectContaining({ path: "cpu", reason: "KeyTooLong" }));
    expect(fragmentsOf(peer)[0]).toContain("2000");
  });

  test("are those of each aggregate too, without their messages where these aren't the mirror's own pods", () => {
    const reasonsOf = (namespace: string, permit: Permit) =>
      renderer().render(podMetadata(raw("a".repeat(64), namespace)), node, permit).problems;
    expect(reasonsOf("shop", everything)).toMatchObject([
      { reason: "NotHostName", message: expect.stringContaining("no host name") as string },
    ]);
    expect(reasonsOf("shop-eu", nameless)).toMatchObject([
      { reason: "NotHostName", message: expect.stringMatching(/^NotHostName \(/) as string },
    ]);
  });
});

describe("what a peer adds to the aggregates", () => {
  const pods = Array.from({ length: 5 }, (_, index) => podMetadata(raw(`web-${index}`)));
  const texts = (name: string) => ['{"_id":"#0d7c3a5e-","ip":"10.0.0.1","cpu":2000}', `10.0.0.1 ${name} ${name}.shop`];

  test("is told again when it is no longer remembered", () => {
    const { render, fragmentsOf } = renderer(true, [], { recent: createRecentFragments(2) });
    const peers = pods.map((pod) => render(pod, node, everything));
    expect(peers.map(fragmentsOf)).toEqual(pods.map(({ name }) => texts(name)));
    expect(peers.map(fragmentsOf)).toEqual(pods.map(({ name }) => texts(name)));
  });

  test("is without the names that the peer has lost", () => {
    const aggregates = [jsonAggregate("peers.json"), envAggregate("peers.env")];
    const { render, fragmentsOf } = renderer(true, [], { aggregates });
    const [peer, other] = ["web-0", "web.0"].map((name) => render(podMetadata(raw(name)), node, everything));
    const settled = claimSettler(aggregates)(peer && other ? [peer, other] : []);
    expect(settled.map((one) => fragmentsOf(one)[1])).toEqual(["WEB_0_IP=10.0.0.1\nWEB_0_CPU=2000", ""]);
    expect(settled[1]?.named).toEqual([undefined, ""]);
  });
});
