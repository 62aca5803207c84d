import { expect, test } from "vitest";
import { replicas } from "../testing/replicas.ts";

/** Keys enough for every shard to have some. */
const keys = Array.from({ length: 60 }, (_, i) => `shop/peers-${i}`);
const half = () => 0.5;

/** Which shards each has, by identity. */
function shares({ all }: ReturnType<typeof replicas>): Record<string, readonly number[]> {
  return Object.fromEntries(
    all.map(({ identity, ownership }) => [identity, [...ownership.held].toSorted((a, b) => a - b)]),
  );
}
const sizes = (cluster: ReturnType<typeof replicas>) =>
  Object.values(shares(cluster))
    .map((held) => held.length)
    .toSorted((a, b) => a - b);

test("one replica takes all shards, each by a Lease of its own", async () => {
  const cluster = replicas(half);
  cluster.start({ identity: "a", shards: 3 });
  await cluster.clock.advance(500);
  expect(shares(cluster)).toEqual({ a: [0, 1, 2] });
  for (const key of keys) expect(cluster.ownersOf(key)).toEqual(["a"]);
  expect(cluster.server.names()).toEqual([
    "metadata-mirror-0-of-3",
    "metadata-mirror-1-of-3",
    "metadata-mirror-2-of-3",
  ]);
});

test("those that join get their part, one shard at a time, and each shard has one owner at most all the while", async () => {
  const cluster = replicas(half);
  let most = 0;
  cluster.onTurn(() => {
    for (const key of keys) most = Math.max(most, cluster.ownersOf(key).length);
  });
  cluster.start({ identity: "a", shards: 6 });
  await cluster.clock.advance(1_000);
  cluster.start({ identity: "b", shards: 6 });
  await cluster.clock.advance(3_000);
  expect(sizes(cluster)).toEqual([3, 3]);
  cluster.start({ identity: "c", shards: 6 });
  await cluster.clock.advance(3_000);
  expect(sizes(cluster)).toEqual([2, 2, 2]);
  expect(most).toBe(1);
});

test("a replica that is stopped ends at once, also where it has nothing to wait for but others", async () => {
  const cluster = replicas(half);
  const [a, b] = ["a", "b"].map((identity) => cluster.start({ identity, shards: 1 }));
  await cluster.clock.advance(10_000);
  b?.network(1, 0);
  let ended = 0;
  for (const replica of [b, a]) {
    void replica?.stop().then(() => ended++);
    await cluster.clock.advance(200);
  }
  expect(ended).toBe(2);
});

test("with one shard there is one that works, and the others stand by without a Lease of their own", async () => {
  const cluster = replicas(half);
  for (const identity of ["a", "b", "c"]) cluster.start({ identity, shards: 1 });
  await cluster.clock.advance(10_000);
  expect(sizes(cluster)).toEqual([0, 0, 1]);
  expect(cluster.server.names()).toEqual(["metadata-mirror-0-of-1"]);
});

test("who has no shard says that it is there, and no longer once it has one", async () => {
  const cluster = replicas(half);
  const [a] = ["a", "b", "c"].map((identity) => cluster.start({ identity, shards: 2 }));
  await cluster.clock.advance(10_000);
  const [spare] = Object.entries(shares(cluster)).flatMap(([identity, held]) => (held.length === 0 ? [identity] : []));
  expect(cluster.server.names().filter((name) => name.includes("replica"))).toEqual([
    `metadata-mirror-replica-${spare}-of-2`,
  ]);
  const busy = cluster.all.find(({ ownership }) => ownership.held.length > 0) ?? a;
  void busy?.stop();
  await cluster.clock.advance(1_000);
  expect(sizes(cluster)).toEqual([1, 1]);
  expect(cluster.server.names()).toEqual(["metadata-mirror-0-of-2", "metadata-mirror-1-of-2"]);
});

test("a replica that stops hands its shards over in less than a second", async () => {
  const cluster = replicas(half);
  const a = cluster.start({ identity: "a", shards: 1 });
  await cluster.clock.advance(1_000);
  cluster.start({ identity: "b", shards: 1 });
  await cluster.clock.advance(5_000);
  expect(shares(cluster)).toEqual({ a: [0], b: [] });
  void a.stop();
  await cluster.clock.advance(900);
  expect(shares(cluster)).toEqual({ b: [0] });
});

test("the shards of a replica that misses two renewals are in doubt to the others, and no longer once it is back", async () => {
  const cluster = replicas(half);
  const [a, b] = ["a", "b"].map((identity) => cluster.start({ identity, shards: 4 }));
  await cluster.clock.advance(10_000);
  const doubted = () => [0, 1, 2, 3].filter((shard) => b?.ownership.isInDoubt(shard));
  expect(doubted()).toEqual([]);
  a?.pause();
  await cluster.clock.advance(3_500);
  expect(doubted()).toEqual([]);
  await cluster.clock.advance(3_000);
  expect(doubted()).toEqual(shares(cluster)["a"]);
  a?.resume();
  await cluster.clock.advance(3_000);
  expect(doubted()).toEqual([]);
  expect(sizes(cluster)).toEqual([2, 2]);
});

test.each([1, 3, 6])(
  "of %d shards, those of a replica that is killed are taken over within 17 seconds, and no sooner than its hold has ended",
  async (shards) => {
    const cluster = replicas(Math.random);
    const a = cluster.start({ identity: "a", shards });
    await cluster.clock.advance(500);
    for (const identity of ["b", "c"]) cluster.start({ identity, shards });
    await cluster.clock.advance(7_000);
    const lost = a.ownership.held;
    expect(lost).toHaveLength(Math.ceil(shards / 3));
    a.kill();
    await cluster.clock.advance(10_000);
    const ofOthers = () => cluster.all.flatMap(({ ownership }) => ownership.held);
    for (const shard of lost) expect(ofOthers()).not.toContain(shard);
    await cluster.clock.advance(7_000);
    expect(ofOthers()).toEqual(expect.arrayContaining([...lost]));
  },
);

test("a replica that is stopped and goes on knows at once that it owns nothing any more", async () => {
  const cluster = replicas(half);
  const a = cluster.start({ identity: "a", shards: 1 });
  await cluster.clock.advance(1_000);
  a.pause();
  await cluster.clock.advance(9_000);
  expect(a.ownership.held).toEqual([0]);
  await cluster.clock.advance(3_000);
  expect(a.ownership.held).toEqual([]);
});

test("a Lease that is deleted is no release: its holder writes it anew, and nobody else has it meanwhile", async () => {
  const cluster = replicas(half);
  const owners = new Set<string>();
  cluster.onTurn(() => keys.flatMap(cluster.ownersOf).forEach((owner) => owners.add(owner)));
  cluster.start({ identity: "a", shards: 1 });
  await cluster.clock.advance(1_000);
  cluster.start({ identity: "b", shards: 1 });
  await cluster.clock.advance(1_000);
  cluster.server.end("metadata-mirror-0-of-1");
  await cluster.clock.advance(20_000);
  expect(owners).toEqual(new Set(["a"]));
  expect(shares(cluster)).toEqual({ a: [0], b: [] });
  expect(cluster.server.names()).toEqual(["metadata-mirror-0-of-1"]);
});

test("replicas that count shards differently wait until the others are gone", async () => {
  const cluster = replicas(half);
  const old = [1, 2].map((i) => cluster.start({ identity: `old-${i}`, shards: 1 }));
  await cluster.clock.advance(3_000);
  for (const i of [1, 2, 3]) cluster.start({ identity: `new-${i}`, shards: 3 });
  await cluster.clock.advance(20_000);
  expect(cluster.all.filter(({ ownership }) => ownership.held.length > 0).map(({ shards }) => shards)).toEqual([1]);
  for (const replica of old) void replica.stop();
  await cluster.clock.advance(3_000);
  expect(sizes(cluster)).toEqual([1, 1, 1]);
});
