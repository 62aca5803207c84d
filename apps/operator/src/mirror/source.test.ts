import {
  type ApiClient,
  type KubernetesObject,
  pods,
  type WatchEvent,
  type WatchOptions,
} from "@metadata-mirror/api-client";
import { expect, test } from "vitest";
import { createStore } from "../runtime/store.ts";
import { fakeApi } from "../testing/fake-api.ts";
import { podObject } from "../testing/objects.ts";
import { runSource } from "./source.ts";

type Told = readonly [type: "initApply" | "apply" | "delete", name: string, version: number, isReadable: boolean];

/** What a store holds after a watch told all this, and of which objects it was told that they can't be read. */
async function play(told: readonly (Told | "init" | "initDone")[]) {
  async function* watch<T>({ decode }: WatchOptions<T>): AsyncGenerator<WatchEvent<T>> {
    for (const one of told) {
      if (one === "init") yield { type: "init" };
      else if (one === "initDone") yield { type: "initDone", resourceVersion: "9" };
      else {
        const [type, name, version, isReadable] = one;
        const object = podObject({ name, phase: isReadable ? "Running" : "poison" });
        const metadata = { ...object.metadata, resourceVersion: String(version) };
        yield { type, object: decode({ ...object, metadata }) };
      }
    }
  }
  const client: ApiClient = { ...fakeApi().client, watch: (_, options) => watch(options) };
  const store = createStore<string>({ same: (a, b) => a === b, onChange: () => undefined });
  const poisoned: string[] = [];
  const trim = ({ metadata, status }: KubernetesObject) => {
    if ((status as { readonly phase: string }).phase === "poison") throw new TypeError("no");
    return `${metadata.name}@${metadata.resourceVersion}`;
  };
  const onPoison = (_: unknown, error: unknown, { metadata }: KubernetesObject) =>
    void poisoned.push(`${metadata.name}: ${String(error)}`);
  await runSource(
    client,
    { onFault: () => undefined, onPoison },
    { resource: pods, scope: "", trim, store, signal: new AbortController().signal },
  );
  return { held: [...store.all()], poisoned };
}

test("an object of a list that can't be read is left out, and the others are there", async () => {
  const { held, poisoned } = await play([
    "init",
    ["initApply", "a", 1, true],
    ["initApply", "b", 2, false],
    ["initApply", "c", 3, true],
    "initDone",
  ]);
  expect(held).toEqual(["a@1", "c@3"]);
  expect(poisoned).toEqual(["b: TypeError: no"]);
});

test("one that changes to what can't be read is gone, as with the next list, and is there again when it can be", async () => {
  const events: readonly Told[] = [
    ["apply", "a", 1, true],
    ["apply", "b", 2, true],
    ["apply", "a", 3, false],
  ];
  expect((await play(events)).held).toEqual(["b@2"]);
  expect((await play([...events, ["apply", "a", 4, true]])).held).toEqual(["b@2", "a@4"]);
});

test("one whose last state can't be read is gone when it is deleted", async () => {
  const { held } = await play([
    ["apply", "a", 1, true],
    ["delete", "a", 2, false],
  ]);
  expect(held).toEqual([]);
});

test("each is told of once, and once more after it could be read", async () => {
  const bad = (version: number): Told => ["apply", "a", version, false];
  expect((await play([bad(1), bad(2), bad(3)])).poisoned).toHaveLength(1);
  expect((await play([bad(1), ["apply", "a", 2, true], bad(3)])).poisoned).toHaveLength(2);
});
