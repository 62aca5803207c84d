import { describe, expect, test } from "vitest";
import { grant, mirror, pod } from "../test/objects.ts";
import { authorize, peerNamespaces } from "./authorize.ts";
import type { MetadataGrant } from "./metadata-grant.ts";

const items = [
  { path: "ip", fieldRef: { fieldPath: "status.podIP" } },
  { path: "team", fieldRef: { fieldPath: "metadata.labels['team']" } },
  { path: "cpu", resourceFieldRef: { containerName: "main", resource: "limits.cpu" } },
];
const json = { formats: [{ type: "JSON" as const, key: "peers.json" }] };
const everyone = { selector: {}, include: "All" as const, namespaces: ["shop", "shop-eu"] };

/** A mirror that asks for its items only: it selects by nothing, and its format shows nothing by itself. */
const plain = mirror({ peers: everyone, items, output: json });
const foreign = pod({ namespace: "shop-eu", labels: { app: "web" } });

const pathsOf = (of: typeof plain, grants: readonly MetadataGrant[], one = foreign) => {
  const permit = authorize(of, grants).permit(one);
  return permit && [...permit.paths];
};

test("the namespaces of the peers are the mirror's own, or those given, sorted", () => {
  expect(peerNamespaces(mirror())).toEqual(["shop"]);
  expect(peerNamespaces(mirror({ peers: { selector: {}, namespaces: ["b", "a"] } }))).toEqual(["a", "b"]);
});

describe("what may be shown of a pod", () => {
  test("of the mirror's own namespace is everything, without a grant", () => {
    expect(authorize(plain, []).permit(pod())).toMatchObject({ named: true, own: true });
    expect(pathsOf(plain, [], pod())).toEqual(["ip", "team", "cpu"]);
  });

  test.each<[string, readonly MetadataGrant[]]>([
    ["there is no grant", []],
    ["the grant is of another namespace", [grant(["status.podIP"], {}, "shop-us")]],
    ["the grant is of the mirror's own namespace", [grant(["status.podIP"], {}, "shop")]],
    ["the grant is for others", [grant(["status.podIP"], { from: [{ namespace: "other" }] })]],
    ["the grant is for nobody", [grant(["status.podIP"], { from: [] })]],
    ["the grant is of other pods", [grant(["status.podIP"], { selector: { matchLabels: { app: "db" } } })]],
    ["the grant can't be read", [{ namespace: "shop-eu", name: "grant", spec: undefined }]],
  ])("is nothing where %s", (_, grants) => {
    expect(pathsOf(plain, grants)).toBeUndefined();
  });

  test.each<[string, string[], string[]]>([
    ["a field path", ["status.podIP"], ["ip"]],
    ["a subscript by itself", ["metadata.labels['team']"], ["team"]],
    ["a subscript by its whole map", ["metadata.labels"], ["team"]],
    ["nothing by another map", ["metadata.annotations"], []],
    ["nothing by another subscript", ["metadata.labels['app']"], []],
    ["nothing by a list for a single address", ["status.podIPs"], []],
  ])("is, by one grant, %s", (_, fieldPaths, paths) => {
    expect(pathsOf(plain, [grant(fieldPaths)])).toEqual(paths);
  });

  test("is a resource that is granted as one, of that kind only", () => {
    const resources = (names: string[]) => grant([], { fields: { resources: names } });
    expect(pathsOf(plain, [resources(["limits.cpu"])])).toEqual(["cpu"]);
    expect(pathsOf(plain, [resources(["requests.cpu", "limits.memory"])])).toEqual([]);
  });

  test("is the configuration that kubectl applied, which holds env, by its own subscript and not by the whole map", () => {
    const fieldPath = "metadata.annotations['kubectl.kubernetes.io/last-applied-configuration']";
    const asking = mirror({ peers: everyone, items: [{ path: "applied", fieldRef: { fieldPath } }], output: json });
    expect(pathsOf(asking, [grant(["metadata.annotations"])])).toEqual([]);
    expect(pathsOf(asking, [grant([fieldPath])])).toEqual(["applied"]);
  });

  test("is never a whole map by its subscripts", () => {
    const whole = mirror({
      peers: everyone,
      items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }],
      output: json,
    });
    expect(pathsOf(whole, [grant(["metadata.labels['app']", "metadata.labels['team']"])])).toEqual([]);
  });

  test("is what its grants give together, each only for the pods that it selects", () => {
    const web = { matchLabels: { app: "web" } };
    const db = { matchLabels: { app: "db" } };
    const grants = [
      grant(["status.podIP"], { selector: web }),
      grant(["metadata.labels['team']"], { selector: db }),
      grant([], { fields: { resources: ["limits.cpu"] } }),
    ];
    expect(pathsOf(plain, grants)).toEqual(["ip", "cpu"]);
    expect(pathsOf(plain, grants, pod({ namespace: "shop-eu", labels: { app: "db" } }))).toEqual(["team", "cpu"]);
  });
});

describe("a pod stays unknown, whatever is granted of it, until there is granted", () => {
  const ask = (peers: object, type: "JSON" | "Files" | "Hosts" | "PrometheusFileSD") =>
    mirror({
      peers: { ...everyone, ...peers },
      items,
      output: { formats: [type === "Files" ? { type } : { type, key: "peers.json" }] },
    });

  test.each<[string, ReturnType<typeof ask>, string[]]>([
    ["its readiness, which the mirror filters by", ask({ include: "Ready" }, "JSON"), ["status.conditions['Ready']"]],
    ["its phase, which the mirror filters by", ask({ include: "Running" }, "JSON"), ["status.phase"]],
    [
      "each label that the mirror selects by",
      ask({ selector: { matchExpressions: [{ key: "team", operator: "NotIn", values: ["x"] }] } }, "JSON"),
      ["metadata.labels['team']"],
    ],
    ["its name, which Files shows", ask({}, "Files"), ["metadata.name"]],
    ["its addresses, which file_sd shows", ask({}, "PrometheusFileSD"), ["status.podIP"]],
    [
      "its names and addresses, which Hosts shows",
      ask({}, "Hosts"),
      ["metadata.name", "metadata.namespace", "status.podIP", "status.podIPs"],
    ],
  ])("%s", (_, of, needed) => {
    for (const missing of needed) {
      const others = ["spec.nodeName", ...needed.filter((field) => field !== missing)];
      expect(pathsOf(of, [grant(others)])).toBeUndefined();
      expect(pathsOf(of, [grant(others), grant([missing])])).toBeDefined();
    }
  });

  test("that is granted of this very pod, not of another", () => {
    const of = ask({}, "Files");
    const grants = [grant(["metadata.name"], { selector: { matchLabels: { app: "db" } } }), grant(["status.podIP"])];
    expect(pathsOf(of, grants)).toBeUndefined();
  });
});

test("messages name a pod of another namespace only where its name is granted, and say no more of it", () => {
  expect(authorize(plain, [grant(["status.podIP"])]).permit(foreign)).toMatchObject({ named: false, own: false });
  expect(authorize(plain, [grant(["metadata.name"])]).permit(foreign)).toMatchObject({ named: true, own: false });
});

test("permits have one id where they are equal, and different ones where they are not", () => {
  const id = (...fields: string[]) => authorize(plain, [grant(fields)]).permit(foreign)?.id;
  expect(id("status.podIP")).toBe(id("status.podIP", "spec.nodeName"));
  const ids = [id("status.podIP"), id("metadata.labels"), id("metadata.name"), id("metadata.name", "status.podIP")];
  expect(new Set([...ids, authorize(plain, []).permit(pod())?.id]).size).toBe(5);
});

describe("the Authorized condition", () => {
  const finding = (grants: readonly MetadataGrant[], of = plain) => authorize(of, grants).finding;
  const all = grant(["status.podIP", "metadata.labels"], {
    fields: { fieldPaths: ["status.podIP", "metadata.labels"], resources: ["limits.cpu"] },
  });

  test("is True where all peers are of the mirror's own namespace", () => {
    expect(finding([], mirror())).toMatchObject({ type: "Authorized", status: "True", reason: "OwnNamespace" });
  });

  test("is True where the grants together give all fields, whichever pods they select", () => {
    expect(finding([all])).toMatchObject({ status: "True", reason: "Granted", message: "granted by shop-eu" });
    const none = { matchLabels: { app: "none" } };
    expect(finding([{ ...all, spec: all.spec && { ...all.spec, selector: none } }]).status).toBe("True");
  });

  test("names the namespaces without a grant, and what to do", () => {
    expect(finding([grant(["status.podIP"], { from: [{ namespace: "other" }] })])).toEqual({
      type: "Authorized",
      status: "False",
      reason: "GrantMissing",
      message: "no MetadataGrant in shop-eu names shop: ask for one there",
    });
  });

  test("names the fields that no grant gives, each once", () => {
    expect(finding([grant(["status.podIP"])], mirror({ ...plain.spec, output: {} }))).toEqual({
      type: "Authorized",
      status: "False",
      reason: "FieldNotGranted",
      message: "no MetadataGrant gives shop these fields: shop-eu: metadata.name, metadata.labels['team'], limits.cpu",
    });
  });

  test("names the namespaces that this operator doesn't watch", () => {
    const { finding: found } = authorize(plain, [all], (namespace) => namespace === "shop");
    expect(found).toMatchObject({ reason: "NamespaceNotWatched", message: "this operator does not watch shop-eu" });
  });
});
