import { type ApiClient, type Clock, configMaps } from "@metadata-mirror/api-client";
import fc from "fast-check";
import { expect, test } from "vitest";
import { pod } from "../testing/objects.ts";
import { type Running, running } from "../testing/running.ts";

/** A write of a ConfigMap that the API server took: what, and from when to when. */
interface Write {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** An API server that takes its time, and what it wrote. `after` is called after each write. */
function slow(latencyMs: number, writes: Write[], after: () => void) {
  const underWay = new Set<string>();
  return (client: ApiClient, clock: Clock): ApiClient => {
    async function timed<T>(name: string | undefined, run: () => Promise<T>): Promise<T> {
      if (name === undefined) return run();
      expect(underWay).not.toContain(name);
      underWay.add(name);
      const from = clock.monotonic();
      await clock.sleep(latencyMs);
      try {
        const answer = await run();
        writes.push({ name, from, to: clock.monotonic() });
        after();
        return answer;
      } finally {
        underWay.delete(name);
      }
    }
    const nameOf = (resource: unknown, name: string | undefined) => (resource === configMaps ? name : undefined);
    return {
      ...client,
      create: (resource, object, options) =>
        timed(nameOf(resource, object.metadata.name), () => client.create(resource, object, options)),
      replace: (resource, object, options) =>
        timed(nameOf(resource, object.metadata.name), () => client.replace(resource, object, options)),
      patch: (resource, ref, body, options) =>
        timed(nameOf(resource, ref.name), () => client.patch(resource, ref, body, options)),
      delete: (resource, ref, options) =>
        timed(nameOf(resource, ref.name), () => client.delete(resource, ref, options)),
    };
  };
}

const size = fc.integer({ min: 0, max: 1_500 });
const peer = fc.nat({ max: 9 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("change" as const), peer, size }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("leave" as const), peer }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("resize" as const), peersPerShard: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("refuse" as const), code: fc.constantFrom(409, 500) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("accept" as const) }) },
);
const meddling = fc.record({ do: fc.constant("meddle" as const), shard: fc.nat({ max: 3 }) });
const timed = <T>(steps: fc.Arbitrary<T>) =>
  fc.array(fc.record({ step: steps, afterMs: fc.constantFrom(0, 1, 7, 50, 400, 3_000) }), {
    minLength: 1,
    maxLength: 25,
  });
const pace = fc.record({
  bytesPerSecond: fc.constantFrom(400, 3_000, 1e9),
  minWriteIntervalMs: fc.constantFrom(0, 100, 5_000),
  latencyMs: fc.constantFrom(0, 3, 60),
  planMs: fc.constantFrom(0, 20),
});

type Step = typeof step | typeof meddling extends fc.Arbitrary<infer T> ? T : never;

/** What the steps have made of the world. */
interface Expected {
  readonly peers: Map<string, string>;
  /** The change by which each of them came, or came again. */
  readonly since: Map<string, number>;
  /** Those of them that were shown since. */
  readonly shown: Set<string>;
  changes: number;
  generation: number;
}

const nothing = (): Expected => ({ peers: new Map(), since: new Map(), shown: new Set(), changes: 0, generation: 1 });

const shardNames = ["web-peers", "web-peers-1", "web-peers-2", "web-peers-3", "web-peers-4"];

function take(what: Step, expected: Expected, { seePods, stores, putMirror, refuse, find, put }: Running): void {
  switch (what.do) {
    case "change": {
      const name = `web-${what.peer}`;
      const podIP = `${++expected.changes}`.padStart(what.size, "0");
      if (!expected.peers.has(name)) expected.since.set(name, expected.changes);
      expected.peers.set(name, podIP);
      seePods(pod({ name, podIP }));
      break;
    }
    case "leave": {
      const name = `web-${what.peer}`;
      expected.shown.delete(name);
      if (expected.peers.delete(name)) stores.pods.remove({ namespace: "shop", name, resourceVersion: "999999" });
      break;
    }
    case "resize":
      putMirror({
        generation: ++expected.generation,
        spec: { output: { peersPerShard: what.peersPerShard, maxShardSize: "4Ki" } },
      });
      break;
    case "refuse":
    case "accept":
      for (const name of shardNames) {
        const refusal = { code: "code" in what ? what.code : 0, reason: "Conflict", message: "not now" };
        refuse(`replace configmaps shop/${name}`, what.do === "refuse" ? refusal : undefined);
      }
      break;
    case "meddle": {
      const found = find(configMaps, { namespace: "shop", name: shardNames[what.shard] ?? "" });
      if (found !== undefined) put(configMaps, { ...found, data: { theirs: "x" } });
      break;
    }
  }
}

/** Takes the steps and gives the mirror the time to get over them. */
async function play(
  steps: readonly { readonly step: Parameters<typeof take>[0]; readonly afterMs: number }[],
  expected: Expected,
  rig: Running,
): Promise<void> {
  for (const { step: what, afterMs } of steps) {
    take(what, expected, rig);
    if (afterMs > 0) await rig.pass(afterMs, Math.max(5, afterMs / 20));
  }
  take({ do: "accept" }, expected, rig);
  await rig.pass(120_000, 500);
}

/** Key → value of all shards together. */
function held({ all }: Pick<Running, "all">): Record<string, unknown> {
  return Object.assign({}, ...all(configMaps).map(({ data }) => data));
}

test("whatever changes when, and whatever holds writes back: the last state is written, no ConfigMap twice at once nor too often", async () => {
  await fc.assert(
    fc.asyncProperty(pace, timed(fc.oneof(step, meddling)), async ({ latencyMs, ...options }, steps) => {
      const writes: Write[] = [];
      const rig = running({ ...options, wrap: slow(latencyMs, writes, () => undefined) });
      const expected = nothing();
      rig.putMirror();
      await play(steps, expected, rig);

      expect(held(rig)).toEqual(Object.fromEntries([...expected.peers].map(([name, ip]) => [`${name}_ip`, ip])));
      expect(rig.condition("Ready")).toBe("True InSync");
      expect(rig.status()).toMatchObject({ peerCount: expected.peers.size, observedGeneration: expected.generation });
      const count = rig.all(configMaps).length;
      expect(rig.status().shardCount).toBe(count);
      for (const name of shardNames) {
        const own = writes.filter((write) => write.name === name);
        own.slice(1).forEach(({ from }, index) => {
          expect(from - (own[index]?.to ?? 0)).toBeGreaterThanOrEqual(options.minWriteIntervalMs);
        });
      }
      await rig.stop();
      expect(rig.requests.length).toBeLessThan(2_000);
    }),
    { numRuns: 60 },
  );
});

test("no peer that stays is ever missing once it is there, however the plan is cut into parts", async () => {
  const moved = { takers: 0 };
  await fc.assert(
    fc.asyncProperty(pace, timed(step), async ({ latencyMs, ...options }, steps) => {
      const expected = nothing();
      const lost: string[] = [];
      const check = () => {
        const { peers, since, shown } = expected;
        const values = held(rig);
        for (const name of shown) if (!(`${name}_ip` in values)) lost.push(name);
        for (const name of peers.keys()) {
          if (Number(values[`${name}_ip`] ?? 0) >= (since.get(name) ?? 0)) shown.add(name);
        }
      };
      const writes: Write[] = [];
      const rig: Running = running({ ...options, wrap: slow(latencyMs, writes, check) });
      rig.putMirror();
      await play(steps, expected, rig);
      expect(Object.keys(held(rig)).toSorted()).toEqual(
        [...expected.peers.keys()].map((name) => `${name}_ip`).toSorted(),
      );
      expect(lost).toEqual([]);
      moved.takers += writes.length;
      await rig.stop();
    }),
    { numRuns: 60 },
  );
  expect(moved.takers).toBeGreaterThan(100);
});
