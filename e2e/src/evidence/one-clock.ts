import { nodeName } from "../cluster.ts";
import { run } from "../host.ts";
import type { Surroundings } from "./surroundings.ts";

/** A tick of `date`, and what a reading may be off by rounding. */
const toleranceMs = 2;

/**
 * Makes sure that times of a pod and of this process can be subtracted. They are one clock where the node is a container on this
 * machine, since containers have their host's kernel and no time namespace moves CLOCK_REALTIME; where the engine is in a
 * virtual machine, as on macOS, they are two.
 *
 * @throws where the node's clock shows a time outside of the moments between which it was asked.
 */
export async function expectOneClock({ host, clock }: Surroundings): Promise<void> {
  const before = clock.now() - toleranceMs;
  const nanoseconds = await run(host, "docker", ["exec", nodeName, "date", "+%s%N"]);
  const after = clock.now() + toleranceMs;
  const node = Number(nanoseconds) / 1e6;
  if (node < before || node > after) {
    throw new Error(
      `the node's clock shows ${node}, this machine's ${before} to ${after}: times of pods can't be compared with ours. Run this where the container engine runs`,
    );
  }
}
