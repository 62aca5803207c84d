import { isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dnsName } from "../test/arbitrary-world.ts";
import { peerRecord } from "../test/peer-record.ts";
import type { PeerRecord } from "./project.ts";
import { hostsAggregate } from "./render/hosts.ts";

const { key, fragment, document } = hostsAggregate("hosts");
const documentOf = (...peers: PeerRecord[]) => document(peers.map((peer) => fragment(peer).text));
const reasons = (peer: PeerRecord) => (fragment(peer).problems ?? []).map(({ path, reason }) => [path, reason]);

/** Reads a file as hosts(5) says: an address and names, parted by blanks, `#` begins a comment. What is none of it is thrown. */
function parseHosts(file: string): Map<string, string[]> {
  const addresses = new Map<string, string[]>();
  for (const line of file.split("\n").map((one) => one.replace(/#.*/, "").trim())) {
    if (line === "") continue;
    const [ip = "", ...names] = line.split(/[ \t]+/);
    if (isIP(ip) === 0 || names.length === 0) throw new Error(`no line of a hosts file: ${line}`);
    for (const name of names) addresses.set(name, [...(addresses.get(name) ?? []), ip]);
  }
  return addresses;
}

describe("a pod is in it by its name, and by that with its namespace", () => {
  test("with one address", () => {
    expect(key).toBe("hosts");
    expect(documentOf(peerRecord())).toBe("10.0.0.1 web-1 web-1.shop\n");
  });

  test("with two, on a line each", () => {
    const podIPs = ["10.0.0.1", "fd00::1"];
    expect(documentOf(peerRecord({ podIPs }))).toBe("10.0.0.1 web-1 web-1.shop\nfd00::1 web-1 web-1.shop\n");
  });

  test("on one line with the others that share its address", () => {
    const onNode = (name: string, namespace = "shop") => peerRecord({ name, namespace, podIP: "192.168.0.1" });
    expect(documentOf(onNode("a"), peerRecord(), onNode("b"), onNode("a", "shop-eu"))).toBe(
      "192.168.0.1 a a.shop b b.shop a.shop-eu\n10.0.0.1 web-1 web-1.shop\n",
    );
  });

  test("not without an address, and nothing is said of that", () => {
    expect(fragment(peerRecord({ podIP: "" }))).toEqual({ text: "" });
    expect(documentOf(peerRecord({ podIP: "" }))).toBe("");
  });
});

describe("a name that is no host name is left out, and told", () => {
  const label = "a".repeat(63);
  test.each([
    ["a label of 63 characters is one", label, `10.0.0.1 ${label} ${label}.shop\n`, []],
    ["a label of 64 is none", `${label}a`, "", [["metadata.name", "NotHostName"]]],
    ["a label that ends in a hyphen is none", "a-.b", "", [["metadata.name", "NotHostName"]]],
  ])("%s", (_, name, expected, problems) => {
    expect(documentOf(peerRecord({ name }))).toBe(expected);
    expect(reasons(peerRecord({ name }))).toEqual(problems);
  });

  test("one of 253 characters is one, but not with the namespace", () => {
    const name = [label, label, label, "a".repeat(61)].join(".");
    expect(documentOf(peerRecord({ name }))).toBe(`10.0.0.1 ${name}\n`);
    expect(reasons(peerRecord({ name }))).toEqual([["metadata.name", "NotHostName"]]);
  });
});

const address = fc.oneof(fc.ipV4(), fc.constantFrom("fd00::1", "fd00::2", "10.0.0.1"));
const peers = fc.uniqueArray(
  fc
    .record({
      name: dnsName,
      namespace: fc.constantFrom("shop", "shop-eu"),
      podIPs: fc.uniqueArray(address, { maxLength: 2 }),
    })
    .map((fields) => peerRecord({ ...fields, podIP: fields.podIPs[0] ?? "" })),
  { selector: ({ namespace, name }) => `${name}.${namespace}`, maxLength: 30 },
);

test("whatever the pods, a reader of hosts files finds the addresses of each whose name is one", () => {
  fc.assert(
    fc.property(peers, (all) => {
      const found = parseHosts(`127.0.0.1 localhost\n${documentOf(...all)}`);
      for (const peer of all.filter((one) => reasons(one).length === 0)) {
        expect(found.get(`${peer.name}.${peer.namespace}`)?.toSorted() ?? []).toEqual(peer.podIPs.toSorted());
        expect(found.get(peer.name) ?? []).toEqual(expect.arrayContaining([...peer.podIPs]));
      }
    }),
  );
});

test("many that share an address have as few lines as musl can read, in their order", () => {
  const pods = Array.from({ length: 30 }, (_, index) => peerRecord({ name: `${"a".repeat(30)}-${index}` }));
  const lines = documentOf(...pods)
    .trimEnd()
    .split("\n");
  const lengths = lines.map((line) => line.length);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(510);
  expect(Math.min(...lengths.slice(0, -1))).toBeGreaterThan(510 - 40);
  expect(lines.flatMap((line) => line.split(" ").slice(1))).toEqual(pods.flatMap(({ name }) => [name, `${name}.shop`]));
});

test("no line is longer than musl reads, and the document no larger than its fragments are reckoned", () => {
  const shared = peers.map((all) => all.map((peer, index) => ({ ...peer, podIPs: [`10.0.0.${index % 2}`] })));
  fc.assert(
    fc.property(shared, (all) => {
      const fragments = all.map((peer) => fragment(peer).text);
      const made = document(fragments);
      expect(Math.max(...made.split("\n").map((line) => line.length))).toBeLessThanOrEqual(510);
      expect(made.length).toBeLessThanOrEqual(fragments.reduce((sum, text) => sum + text.length + 2, 0));
    }),
  );
});
