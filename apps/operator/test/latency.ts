import { configMaps, type KubernetesObject, pods } from "@metadata-mirror/api-client";
import { expect } from "vitest";
import { until } from "./calm.ts";
import type { Scene } from "./support.ts";

/** The annotation that is changed to see how soon it's mirrored. */
export const roundItem = { path: "round", fieldRef: { fieldPath: "metadata.annotations['round']" } };

/** Changes one peer of a mirror, and sees when its ConfigMap shows it. */
export interface Follower extends AsyncDisposable {
  /** Changes the pod once, and answers after how many milliseconds a watch has shown the ConfigMap with the change. */
  readonly change: () => Promise<number>;
  /** Changes it every `everyMs` for `durationMs`, one change after the other, and answers all of these times. */
  readonly changes: (everyMs: number, durationMs: number) => Promise<number[]>;
}

/** Follows `pod` in the ConfigMap `configMap`, which mirrors `roundItem`. */
export function follow({ client, namespace }: Scene, configMap: string, pod: string): Follower {
  const stop = new AbortController();
  const shown = new Map<string, number>();
  const key = `${pod}_round`;
  let round = 0;
  const ended = (async () => {
    const decode = (object: KubernetesObject) => (object["data"] as Record<string, string> | undefined)?.[key] ?? "";
    const options = { namespace, fieldSelector: `metadata.name=${configMap}`, decode, signal: stop.signal };
    for await (const event of client.watch(configMaps, options)) {
      if (event.type === "apply" || event.type === "initApply") shown.set(event.object, performance.now());
    }
  })();

  async function change(): Promise<number> {
    const value = `r${++round}`;
    const sentAt = performance.now();
    await client.patch(pods, { namespace, name: pod }, { metadata: { annotations: { round: value } } });
    await expect.poll(() => shown.has(value), { timeout: 30_000, interval: 5 }).toBe(true);
    return (shown.get(value) ?? Infinity) - sentAt;
  }

  async function changes(everyMs: number, durationMs: number): Promise<number[]> {
    const times: number[] = [];
    const start = performance.now();
    while (performance.now() - start < durationMs) {
      const next = performance.now() + everyMs;
      times.push(await change());
      await until(next);
    }
    return times;
  }

  return {
    change,
    changes,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
    },
  };
}

/** What the follower's changes take in four turns alone and four beside `load`, and the last that `load` answered. */
export async function alternate(
  { changes }: Follower,
  besideMs: number,
  load: (soFar: number, signal: AbortSignal) => Promise<number>,
): Promise<{ readonly alone: number[]; readonly beside: number[]; readonly loaded: number }> {
  const alone: number[] = [];
  const beside: number[] = [];
  let loaded = 0;
  for (let round = 0; round < 4; round++) {
    alone.push(...(await changes(50, 2_000)));
    const stop = new AbortController();
    const loading = load(loaded, stop.signal);
    beside.push(...(await changes(50, besideMs)));
    stop.abort();
    loaded = await loading;
  }
  return { alone, beside, loaded };
}

/** The time that 99 of 100 of `times` don't exceed, in milliseconds. */
export function p99(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.99) - 1] ?? Infinity;
}

/** The middle of `times`, in milliseconds. */
export function p50(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length / 2) - 1] ?? Infinity;
}

/** In words, as in `p50 5 ms, p99 12 ms of 100 changes`. */
export function inWords(times: readonly number[]): string {
  return `p50 ${p50(times).toFixed(0)} ms, p99 ${p99(times).toFixed(0)} ms of ${times.length} changes`;
}
