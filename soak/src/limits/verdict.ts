import type { Heap } from "./heap.ts";

/** What was in memory at a moment of the churn. */
export interface Sample {
  /** Since the churn began. */
  readonly seconds: number;
  readonly heap: Heap;
}

/** What there was of each, as the API server counts it. */
export interface Objects {
  readonly mirrors: number;
  readonly pods: number;
  readonly configMaps: number;
}

/** What was there before the churn and after it, with nothing going on. */
export interface Still {
  readonly heap: Heap;
  readonly objects: Objects;
}

/** The heap after may differ from the heap before by this part of it. */
const mostGrowth = 0.1;

/** All of it that grows with what is known: JavaScript's own, and Buffers. */
export function bytesOf({ heapUsed, external }: Heap): number {
  return heapUsed + external;
}

/** By which part of it the heap has grown. */
export function growthOf(before: Heap, after: Heap): number {
  return bytesOf(after) / bytesOf(before) - 1;
}

/**
 * What stays of each thing that went, in bytes: by what JavaScript's own heap has grown, divided by how many did. Buffers are those of
 * connections, of which there are more or fewer.
 */
export function keptOf(before: Heap, after: Heap, gone: number): number {
  return (after.heapUsed - before.heapUsed) / gone;
}

/** How many bytes the heap gains a minute: of the line that is nearest to the samples by least squares. 0 of fewer than two. */
export function slopeOf(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const minutes = samples.map(({ seconds }) => seconds / 60);
  const bytes = samples.map(({ heap }) => bytesOf(heap));
  const [x, y] = [mean(minutes), mean(bytes)];
  const spread = minutes.reduce((sum, at) => sum + (at - x) ** 2, 0);
  const common = minutes.reduce((sum, at, index) => sum + (at - x) * ((bytes[index] ?? 0) - y), 0);
  return spread === 0 || samples.length < 2 ? 0 : common / spread;
}

/** What is wrong with a churn, in sentences; none where nothing is. */
export function faultsOf(before: Still, after: Still, gone: number, mostKept: number): readonly string[] {
  const faults: string[] = [];
  const growth = growthOf(before.heap, after.heap);
  if (Math.abs(growth) > mostGrowth)
    faults.push(`the heap is another by ${(growth * 100).toFixed(1)} %: it may be by ${mostGrowth * 100} %`);
  const kept = keptOf(before.heap, after.heap, gone);
  if (kept > mostKept)
    faults.push(`of each of ${gone} things that went ${kept.toFixed(0)} bytes stay: ${mostKept} may`);
  for (const name of ["mirrors", "pods", "configMaps"] as const) {
    const [was, is] = [before.objects[name], after.objects[name]];
    if (was !== is) faults.push(`${name}: ${is} after, ${was} before, so that the heaps can't be compared`);
  }
  return faults;
}
