import { describe, expect, test } from "vitest";
import { digest, pod, world } from "../test/objects.ts";
import type { Permit } from "./authorize.ts";
import { projector } from "./project.ts";
import { jsonAggregate } from "./render/json.ts";
import { peerRenderer } from "./render/peer.ts";
import { peersRenderer } from "./render/peers.ts";
import { createRecentFragments } from "./render/recent-fragments.ts";

const items = [{ path: "ip", fieldRef: { fieldPath: "status.podIP" } }];
const everything: Permit = { id: "*", paths: new Set(["ip"]), named: true, own: true };
const nothing: Permit = { id: "", paths: new Set(), named: false, own: false };
const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => pod({ name })) as [Pod, Pod, Pod, Pod];
type Pod = ReturnType<typeof pod>;

function setting(
  permit: (of: Pod) => Permit | undefined = () => everything,
  change: Partial<ReturnType<typeof world>> = {},
) {
  return { ...still, ...change, permit };
}
const still = world();

function renderer() {
  const style = { files: false, aggregates: [jsonAggregate("peers.json")], templates: [], digest };
  return peersRenderer(peerRenderer({ ...style, project: projector(items), recent: createRecentFragments() }).render);
}

describe("peers are rendered", () => {
  test("once, while nothing is another: then the list is the same too", () => {
    const render = renderer();
    const before = render([a, b], setting());
    expect(render([a, b], setting())).toBe(before);
    expect(
      render(
        [a, b],
        setting(() => ({ ...everything })),
      ),
    ).toBe(before);
  });

  test("again only where a pod's record is another", () => {
    const render = renderer();
    const before = render([a, b, c], setting());
    const after = render([a, pod({ name: "b", podIP: "10.0.0.2" }), c], setting());
    expect(after.map((peer, at) => peer === before[at])).toEqual([true, false, true]);
    expect(after[1]?.pod.podIP).toBe("10.0.0.2");
  });

  test.each<[string, Pod[], (number | undefined)[]]>([
    ["comes first", [a, b, d], [undefined, 0, 1]],
    ["comes between", [b, c, d], [0, undefined, 1]],
    ["goes", [d], [1]],
    ["comes while another goes", [a, d], [undefined, 1]],
  ])("not again where another pod %s", (_, pods, places) => {
    const render = renderer();
    const before = render([b, d], setting());
    const after = render(pods, setting());
    expect(after.map((peer) => peer.pod)).toEqual(pods);
    expect(after.map((peer) => (before.includes(peer) ? before.indexOf(peer) : undefined))).toEqual(places);
  });

  test("anew where what may be shown of them is another, and not at all where nothing may be", () => {
    const render = renderer();
    const before = render([a, b, c], setting());
    const mayShow = ({ name }: Pod) => (name === "a" ? everything : name === "b" ? nothing : undefined);
    const after = render(
      [a, b, c],
      setting(mayShow, { grants: [{ namespace: "shop-eu", name: "grant", spec: undefined }] }),
    );
    expect(after.map((peer, at) => peer === before[at])).toEqual([true, false]);
    expect(after.map(({ permit }) => permit.id)).toEqual(["*", ""]);
  });

  test("anew where their node is another", () => {
    const render = renderer();
    const nodeOf = (allocatable: Record<string, string>) => () => ({ name: "node-1", allocatable });
    const [before] = render([a], setting(undefined, { node: nodeOf({ cpu: "2" }) }));
    const [after] = render([a], setting(undefined, { node: nodeOf({ cpu: "4" }) }));
    expect([before?.node, after?.node]).toMatchObject([{ allocatable: { cpu: "2" } }, { allocatable: { cpu: "4" } }]);
  });
});

test("peers of equal permits hold the same one", () => {
  const [one, other] = renderer()(
    [a, b],
    setting(() => ({ ...everything })),
  );
  expect(one?.permit).toBe(other?.permit);
});
