import { changePod } from "./pods.ts";
import type { PodSpec } from "./pod.ts";
import type { World } from "./world.ts";

/**
 * Changes the pods with these indices, one each `everyMs`, whether those before have been answered or not. Returns the number of the first
 * of the changes, once all have been answered.
 */
export async function change(world: World, indices: readonly number[], everyMs: number): Promise<number> {
  const { api, ledger, pods } = world;
  const first = ledger.next;
  await paced(indices, everyMs, world, async (index) => {
    const pod = podAt(pods, index);
    await changePod(api, ledger, pod, ledger.issue(index));
  });
  return first;
}

/** Begins `work` for one item each `everyMs`, and waits for all of it. */
export async function paced<T>(
  items: readonly T[],
  everyMs: number,
  { clock, host: { signal } }: Pick<World, "clock" | "host">,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const begin = performance.now();
  const underWay: Promise<void>[] = [];
  for (const [count, item] of items.entries()) {
    const wait = begin + count * everyMs - performance.now();
    if (wait > 0) await clock.sleep(wait, signal);
    signal.throwIfAborted();
    underWay.push(work(item));
  }
  await Promise.all(underWay);
}

function podAt(pods: readonly PodSpec[], index: number): PodSpec {
  const pod = pods[index];
  if (!pod) throw new RangeError(`there is no pod ${index}`);
  return pod;
}

/** `count` different indices below `size` in an order that is always the same for the same `seed`: mulberry32, then Fisher and Yates. */
export function shuffled(size: number, count: number, seed: number): readonly number[] {
  const indices = Array.from({ length: size }, (_, index) => index);
  let state = seed;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let left = size - 1; left > 0; left--) {
    const other = Math.floor(random() * (left + 1));
    [indices[left], indices[other]] = [indices[other] ?? 0, indices[left] ?? 0];
  }
  return indices.slice(0, count);
}
