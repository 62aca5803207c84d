import type { Outcome, Progress } from "./player.ts";
import { count, emptyTally, milliseconds, mirrored, type Tally } from "./tally.ts";

/** How many faults of a step are told. */
const maxFaults = 8;

/** A step as lines: whether the ConfigMaps were right, after how long, what was changed, and the faults. */
export function stepLines(number: number, title: string, { ms, faults }: Outcome): readonly string[] {
  const result = faults.length === 0 ? "right" : "wrong";
  const more = faults.length - maxFaults;
  return [
    `${String(number).padStart(3)}  ${result}  ${milliseconds(ms).padStart(9)}  ${title}`,
    ...faults.slice(0, maxFaults).map((fault) => `       ${fault}`),
    ...(more > 0 ? [`       … and ${more} more`] : []),
  ];
}

/** Tells each step as lines when it has ended. */
export async function tell(progress: AsyncIterable<Progress>, write: (line: string) => void): Promise<Tally> {
  let tally = emptyTally;
  for await (const event of progress) {
    if (event.type === "begun") continue;
    tally = count(tally, event.outcome);
    for (const text of stepLines(event.number, event.step.title, event.outcome)) write(text);
  }
  return tally;
}

/** The demo's last line: it's `ok` only where every step went right. */
export function lastLine(tally: Tally): string {
  const { failed, latencies } = tally;
  if (failed === 0) return `demo: ok, ${mirrored(tally)}`;
  return `demo: failed, ${failed} of ${latencies.length + failed} changes went wrong; ${mirrored(tally)}`;
}
