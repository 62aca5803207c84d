import fc from "fast-check";
import { expect, test } from "vitest";
import { digest, mirror } from "../test/objects.ts";
import { renderedPeer } from "../test/rendered-peer.ts";
import type { Whereabouts } from "./hand-over.ts";
import { layouter, type LayoutStyle } from "./layout.ts";
import type { RenderedPeer } from "./render/peer.ts";

const { output } = mirror({ output: { peersPerShard: 4, maxShardSize: 4096, maxShards: 4 } }).spec;
const style: LayoutStyle = { output, templates: [], digest, emptySize: 10, keeps: true, isSharded: true };

const ids = "a b c d e f g".split(" ");

/**
 * A turn of events: some peers are said anew, with the sizes given, or go; some shards can't be written; some peers are in the last
 * shard too, which may have to keep them; what comes of it may be written or not.
 */
const turn = fc.record({
  said: fc.oneof(
    fc.constant<Record<string, number | null>>({}),
    fc.dictionary(fc.constantFrom(...ids), fc.option(fc.constantFrom(100, 900, 1400, 1800, 5000), { freq: 8 })),
  ),
  blocked: fc.oneof({ weight: 4, arbitrary: fc.constant<number[]>([]) }, fc.subarray([0, 1, 2])),
  doubled: fc.oneof({ weight: 6, arbitrary: fc.constant<string[]>([]) }, fc.subarray(ids)),
  written: fc.boolean(),
  patient: fc.boolean(),
});

const peer = (id: string, size: number) => renderedPeer(id, { size });

function whereaboutsOf(shards: readonly (readonly RenderedPeer[])[]): Whereabouts {
  return {
    held: new Map(shards.flatMap((members, index) => members.map(({ id }) => [id, index] as const))),
    others: new Map(),
  };
}

test("a layouter that goes on lays out as a new one would, and leaves nobody out in silence", () => {
  fc.assert(
    fc.property(fc.array(turn, { minLength: 2, maxLength: 12 }), (turns) => {
      const layOut = layouter(style);
      const known = new Map<string, RenderedPeer>();
      let whereabouts = whereaboutsOf([]);
      let find = () => whereabouts;
      for (const { said, blocked, doubled, written, patient } of turns) {
        for (const [id, size] of Object.entries(said)) {
          if (size === null) known.delete(id);
          else known.set(id, peer(id, size));
        }
        if (doubled.length > 0) {
          const others = new Map(doubled.map((id) => [id, [3]]));
          whereabouts = { ...whereabouts, others };
          find = () => whereabouts;
        }
        const peers = [...known.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
        const present = {
          whereabouts: find,
          first: undefined,
          isBlocked: (index: number) => blocked.includes(index),
          mayLetGo: () => !patient,
        };
        const layout = layOut(peers, present);
        expect(layout).toEqual(layouter(style)(peers, present));
        const { shards, tooLarge, noRoom } = layout;
        const told = [...shards.flat(), ...tooLarge, ...noRoom].map(({ id }) => id);
        expect(told.toSorted()).toEqual(peers.map(({ id }) => id));
        if (written && !isAt(shards, whereabouts)) {
          whereabouts = whereaboutsOf(shards);
          find = () => whereabouts;
        }
      }
    }),
    { numRuns: 2_000 },
  );
});

/** Whether each peer is where `shards` has it, and nowhere else. */
function isAt(shards: readonly (readonly RenderedPeer[])[], { held, others }: Whereabouts): boolean {
  const places = [...whereaboutsOf(shards).held];
  return others.size === 0 && places.length === held.size && places.every(([id, index]) => held.get(id) === index);
}

test("shards of whose peers nothing was said are the very same objects as before", () => {
  const layOut = layouter(style);
  const peers = ids.slice(0, 6).map((id) => peer(id, 100));
  const whereabouts = whereaboutsOf([peers.slice(0, 4), peers.slice(4)]);
  const present = { whereabouts: () => whereabouts, first: undefined, isBlocked: () => false, mayLetGo: () => true };
  const { shards: before } = layOut(peers, present);
  const { shards: after } = layOut(
    peers.map((one) => (one.id === "e" ? peer("e", 120) : one)),
    present,
  );
  expect(after[0]).toBe(before[0]);
  expect(after[1]?.map(({ id, size }) => `${id}:${size}`)).toEqual(["e:120", "f:100"]);
});

test("peers of which many change at once stay where they are", () => {
  const layOut = layouter({ ...style, output: { ...output, peersPerShard: 16, maxShardSize: 1_000_000 } });
  const peers = Array.from({ length: 20 }, (_, index) => peer(`p${index + 10}`, 100));
  const whereabouts = whereaboutsOf([
    peers.filter((_, index) => index % 2 > 0),
    peers.filter((_, index) => index % 2 === 0),
  ]);
  const present = { whereabouts: () => whereabouts, first: undefined, isBlocked: () => false, mayLetGo: () => true };
  layOut(peers, present);
  const changed = peers.map(({ id }) => peer(id, 100));
  const { shards, moves } = layOut(changed, present);
  expect(shards).toEqual([changed.filter((_, index) => index % 2 > 0), changed.filter((_, index) => index % 2 === 0)]);
  expect(shards.flat().every((one) => changed.includes(one))).toBe(true);
  expect(moves.size).toBe(0);
});

test("a peer that is on another shard too stays there as long as it has to, though it is where it belongs", () => {
  const peers = ids.slice(0, 3).map((id) => peer(id, 100));
  const held = new Map(peers.map(({ id }) => [id, 0]));
  const whereabouts = { held, others: new Map([["c", [2]]]) };
  const { contents } = layouter(style)(peers, {
    whereabouts: () => whereabouts,
    first: undefined,
    isBlocked: () => false,
    mayLetGo: () => false,
  });
  expect(contents.map((members) => members.map(({ id }) => id).join(""))).toEqual(["abc", "", "c"]);
});
