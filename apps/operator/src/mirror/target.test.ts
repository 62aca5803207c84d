import type { ConfigMapState } from "@metadata-mirror/metadata-model";
import { describe, expect, test } from "vitest";
import { configMap, mirror } from "../testing/objects.ts";
import { isLetGo, letsGoAt, look, noteDoubled, settle, targetOf } from "./target.ts";

describe("somebody undid our last write", () => {
  const ours = configMap({ label: "web-peers", owner: mirror(), data: { "web-0_ip": "10.0.0.1" } });
  const stranger = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "2", controller: true };

  test.each<[string, Partial<ConfigMapState>, boolean]>([
    ["not who only touched it", { resourceVersion: "2" }, false],
    ["who changed a value", { digests: new Map([["web-0_ip", "other"]]) }, true],
    ["who took our label off", { mirror: undefined }, true],
    ["who changed which peers it says to hold", { placement: "other" }, true],
    ["who changed which documents are its own namespace's", { own: "peers.json" }, true],
    ["who added binary data", { binaryKeys: ["theirs"] }, true],
    ["who made themselves its controller", { ownerReferences: [...ours.ownerReferences, stranger] }, true],
    ["who took our ownership off", { ownerReferences: [] }, true],
  ])("%s", (_, change, undone) => {
    const target = targetOf(new Map(), "web-peers");
    settle(target, { type: "written", state: ours }, 1_000);
    look(target, { ...ours, ...change });
    expect(target.undone).toBe(undone);
  });
});

describe("peers that are elsewhere too", () => {
  function doubled() {
    const target = targetOf(new Map(), "web-peers-1");
    const note = (now: number, waits: boolean, leaves = false) => noteDoubled(target, { waits, leaves, now });
    return { target, note };
  }

  test("may leave two seconds after they were first seen to be", () => {
    const { target, note } = doubled();
    note(1_000, true);
    note(2_000, true);
    expect([letsGoAt(target), isLetGo(target, 2_999), isLetGo(target, 3_000)]).toEqual([3_000, false, true]);
  });

  test("wait anew where some were elsewhere no longer", () => {
    const { target, note } = doubled();
    note(1_000, true);
    note(2_000, false, true);
    expect(letsGoAt(target)).toBeUndefined();
    note(2_500, true);
    expect(letsGoAt(target)).toBe(4_500);
  });

  test("need not wait again while the write by which they leave is held back", () => {
    const { target, note } = doubled();
    note(1_000, true);
    note(3_000, false, true);
    expect(isLetGo(target, 3_000)).toBe(true);
    note(3_100, false, false);
    expect(isLetGo(target, 3_100)).toBe(false);
  });

  test("are none where nothing is known of the ConfigMap", () => {
    expect(isLetGo(undefined, 1_000)).toBe(false);
  });
});
