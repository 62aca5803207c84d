import { type MetadataMirror, nodeMetadata } from "@metadata-mirror/metadata-model";
import { describe, expect, test } from "vitest";
import { configMap, consumer, grant, mirror, pod } from "../testing/objects.ts";
import { createHandler, type Handler } from "./handler.ts";

/** A handler that knows `mirrors`; `wakes` answers whom a change wakes, sorted, each once. */
function start(...mirrors: MetadataMirror[]) {
  const woken = new Set<string>();
  const handler = createHandler((key) => woken.add(key));
  for (const after of mirrors) handler.mirror({ before: undefined, after });
  function wakes(change: (handler: Handler) => void): string[] {
    woken.clear();
    change(handler);
    return [...woken].toSorted();
  }
  return { wakes };
}

const of = (app: string) => ({ peers: { selector: { matchLabels: { app } } } });
const from = (...namespaces: string[]) => ({ peers: { selector: {}, namespaces } });

const web = mirror({ name: "web" });
const db = mirror({ name: "db", spec: of("db") });
const everywhere = mirror({ name: "everywhere", spec: from("shop", "shop-eu") });
const abroad = mirror({ namespace: "office", name: "abroad", spec: from("shop") });

describe("a pod wakes the mirrors that select it, or did", () => {
  const { wakes } = start(web, db, everywhere, abroad);
  const app = (name: string) => pod({ labels: { app: name } });

  test.each([
    ["one that came", undefined, app("web"), ["office/abroad", "shop/everywhere", "shop/web"]],
    ["one that went", app("db"), undefined, ["office/abroad", "shop/db", "shop/everywhere"]],
    ["one that changed", app("web"), pod({ podIP: "10.9.9.9" }), ["office/abroad", "shop/everywhere", "shop/web"]],
    ["one that was relabelled", app("web"), app("db"), ["office/abroad", "shop/db", "shop/everywhere", "shop/web"]],
    ["one that was relabelled out", app("web"), app(""), ["office/abroad", "shop/everywhere", "shop/web"]],
    ["one of another namespace", undefined, pod({ namespace: "shop-eu" }), ["shop/everywhere"]],
    ["one of a namespace that nobody asked for", undefined, pod({ namespace: "office" }), []],
  ])("%s", (_, before, after, expected) => {
    expect(wakes((handler) => handler.pod({ before, after }))).toEqual(expected);
  });
});

test("a change wakes each mirror once, though both its sides concern it", () => {
  const woken: string[] = [];
  const handler = createHandler((key) => woken.push(key));
  const change = <T>(object: T) => ({ before: object, after: object });
  for (const after of [web, abroad]) handler.mirror({ before: undefined, after });
  woken.length = 0;
  handler.pod(change(pod({ labels: { app: "web" } })));
  handler.grant(change(grant("shop", ["office"])));
  handler.configMap(change(configMap({ name: "web" })));
  expect(woken.toSorted()).toEqual(["office/abroad", "office/abroad", "shop/web", "shop/web"]);
});

describe("a ConfigMap that is mounted no longer wakes its mirror, which may remove it now", () => {
  const { wakes } = start(web, mirror({ namespace: "office", name: "web" }));
  const mounting = (...mounts: string[]) => consumer({ mounts });
  const ended = (phase: string, ...mounts: string[]) => consumer({ mounts, phase });

  test.each([
    ["the pod went", mounting("web-1"), undefined, ["shop/web"]],
    ["the pod mounts another", mounting("web-1"), mounting("other"), ["shop/web"]],
    ["the pod has succeeded", mounting("web-1"), ended("Succeeded", "web-1"), ["shop/web"]],
    ["the pod has failed", mounting("web-1"), ended("Failed", "web-1"), ["shop/web"]],
    ["not where it is mounted still", mounting("web-1"), mounting("web-1", "other"), []],
    ["not where it begins to be", mounting(), mounting("web-1"), []],
    ["not where a pod came", undefined, mounting("web-1"), []],
    ["not where the pod had ended before", ended("Failed", "web-1"), undefined, []],
    ["not where it is nobody's", mounting("other"), undefined, []],
  ])("%s", (_, before, after, expected) => {
    expect(wakes((handler) => handler.consumer({ before, after }))).toEqual(expected);
  });
});

describe("a ConfigMap wakes the mirror whose shard it is or would be, whoever it belongs to", () => {
  const { wakes } = start(web, mirror({ name: "named", spec: { output: { configMapName: "web-1" } } }), abroad);

  test.each([
    ["web", ["shop/web"]],
    ["web-1", ["shop/named", "shop/web"]],
    ["web-1-2", ["shop/named"]],
    ["web-255", ["shop/web"]],
    ["web-0", []],
    ["web-01", []],
    ["web-", []],
    ["web-x", []],
    ["webb", []],
    ["named", []],
    ["abroad", []],
  ])("%s wakes %j", (name, expected) => {
    for (const label of ["web", "somebody-else"]) {
      const state = configMap({ name, label });
      expect(wakes((handler) => handler.configMap({ before: undefined, after: state }))).toEqual(expected);
      expect(wakes((handler) => handler.configMap({ before: state, after: undefined }))).toEqual(expected);
    }
  });

  test("but not the mirror whose pass wrote it as it was to be, where it holds the same peers as before", () => {
    const named = configMap({ name: "web-1", label: "named" });
    const shard = configMap({ name: "web-1", label: "web" });
    const wakened = (before: typeof named | undefined, after: typeof named) =>
      wakes((handler) => handler.configMap({ before, after, intended: true }));
    expect([wakened(named, named), wakened(shard, shard)]).toEqual([["shop/web"], ["shop/named"]]);
    expect(wakened({ ...shard, placement: "a b" }, shard)).toEqual(["shop/named", "shop/web"]);
    expect(wakened(undefined, shard)).toEqual(["shop/named", "shop/web"]);
  });

  test("one of another namespace concerns nobody here", () => {
    const state = configMap({ namespace: "office", name: "web" });
    expect(wakes((handler) => handler.configMap({ before: undefined, after: state }))).toEqual([]);
  });
});

describe("a grant wakes the mirrors that it names, or did, of those that take peers from its namespace", () => {
  const { wakes } = start(web, abroad, mirror({ namespace: "cellar", name: "deep", spec: from("shop", "office") }));

  test.each([
    ["one that came", undefined, grant("shop", ["office"]), ["office/abroad"]],
    ["one that went", grant("shop", ["office"]), undefined, ["office/abroad"]],
    [
      "one that names others now",
      grant("shop", ["office"]),
      grant("shop", ["cellar"]),
      ["cellar/deep", "office/abroad"],
    ],
    [
      "one whose fields changed",
      grant("shop", ["office"]),
      grant("shop", ["office"], ["status.podIP"]),
      ["office/abroad"],
    ],
    ["one that names somebody else", undefined, grant("shop", ["attic"]), []],
    ["one of a namespace that nobody asked for", undefined, grant("attic", ["office", "cellar"]), []],
    ["one that can't be read", undefined, { ...grant("shop", ["office"]), spec: undefined }, []],
  ])("%s", (_, before, after, expected) => {
    expect(wakes((handler) => handler.grant({ before, after }))).toEqual(expected);
  });
});

test("a node wakes the mirrors for whose values it may matter", () => {
  const resource = (of: string) => ({
    items: [{ path: "r", resourceFieldRef: { containerName: "main", resource: of } }],
  });
  const { wakes } = start(
    web,
    mirror({ name: "limits", spec: resource("limits.cpu") }),
    mirror({ name: "requests", spec: resource("requests.cpu") }),
    mirror({ name: "hugepages", spec: resource("limits.hugepages-2Mi") }),
  );
  const after = nodeMetadata({ metadata: { name: "node-1" }, status: { allocatable: { cpu: "4" } } });
  expect(wakes((handler) => handler.node({ before: undefined, after }))).toEqual(["shop/limits"]);
});

describe("a mirror", () => {
  const next = mirror({ name: "web", generation: 2, spec: of("db") });

  test("wakes itself when it comes, when its spec changes, when it goes, and when it is another of the same name", () => {
    const { wakes } = start();
    expect(wakes((handler) => handler.mirror({ before: undefined, after: web }))).toEqual(["shop/web"]);
    expect(wakes((handler) => handler.mirror({ before: web, after: next }))).toEqual(["shop/web"]);
    const other = mirror({ name: "web", uid: "other", generation: 2, spec: of("db") });
    expect(wakes((handler) => handler.mirror({ before: next, after: other }))).toEqual(["shop/web"]);
    expect(wakes((handler) => handler.mirror({ before: other, after: undefined }))).toEqual(["shop/web"]);
  });

  test("is not woken by its own status", () => {
    const { wakes } = start(web);
    const after = mirror({ name: "web", status: { peerCount: 7 } });
    expect(wakes((handler) => handler.mirror({ before: web, after }))).toEqual([]);
  });

  test("whose spec changed is woken by what it selects now, and no longer by what it selected", () => {
    const { wakes } = start(web);
    wakes((handler) => handler.mirror({ before: web, after: next }));
    expect(wakes((handler) => handler.pod({ before: undefined, after: pod() }))).toEqual([]);
    expect(wakes((handler) => handler.pod({ before: undefined, after: pod({ labels: { app: "db" } }) }))).toEqual([
      "shop/web",
    ]);
  });

  test("that is gone is woken by nothing", () => {
    const { wakes } = start(web);
    wakes((handler) => handler.mirror({ before: web, after: undefined }));
    expect(wakes((handler) => handler.pod({ before: undefined, after: pod() }))).toEqual([]);
    expect(wakes((handler) => handler.configMap({ before: configMap({ name: "web" }), after: undefined }))).toEqual([]);
  });

  test("whose spec can't be read is woken by itself only, until it can be read", () => {
    const broken = mirror({ name: "web", generation: 2, spec: { items: [] } });
    const { wakes } = start(web);
    expect(wakes((handler) => handler.mirror({ before: web, after: broken }))).toEqual(["shop/web"]);
    expect(wakes((handler) => handler.pod({ before: undefined, after: pod() }))).toEqual([]);
    wakes((handler) => handler.mirror({ before: broken, after: mirror({ name: "web", generation: 3 }) }));
    expect(wakes((handler) => handler.pod({ before: undefined, after: pod() }))).toEqual(["shop/web"]);
  });
});

test("a mirror that throws at pods is woken by each, so that its pass tells of it, and those after it hear of them too", () => {
  const bad = mirror({ name: "bad" });
  const fail = () => {
    throw new TypeError("no");
  };
  const labels = new Proxy<Record<string, string>>({}, { get: fail, has: fail, getOwnPropertyDescriptor: fail });
  const { wakes } = start(bad, web, everywhere);
  expect(wakes((handler) => handler.pod({ before: undefined, after: { ...pod(), labels } }))).toEqual([
    "shop/bad",
    "shop/everywhere",
    "shop/web",
  ]);
});

test("a mirror that can't be compiled is woken by its own change all the same", () => {
  const { wakes } = start(web);
  const bad = mirror({ name: "bad" });
  const spec = {
    get peers(): never {
      throw new TypeError("no");
    },
  };
  const after = { ...bad, spec } as unknown as MetadataMirror;
  const change = (handler: Handler) => expect(() => handler.mirror({ before: undefined, after })).toThrow("no");
  expect(wakes(change)).toEqual(["shop/bad"]);
});
