import type { Contestant } from "./contestants/contestant.ts";
import type { ContestantResult, Run } from "./result.ts";

/** Who takes a turn. */
export type Entrant = Pick<Contestant, "id" | "name">;

/** In the order of a round (from 0): each begins with another one, so that none always comes first. */
export function inOrderOf<T>(contestants: readonly T[], round: number): readonly T[] {
  const first = contestants.length === 0 ? 0 : round % contestants.length;
  return [...contestants.slice(first), ...contestants.slice(0, first)];
}

/** How turns are taken. */
export interface Turns {
  readonly rounds: number;
  /** Who takes a turn in the first round only, by id: they take minutes. */
  readonly once?: ReadonlySet<string>;
  readonly signal: AbortSignal;
  /** A line of progress. */
  readonly report: (line: string) => void;
}

/** Has all take turns, so many rounds. What one throws is the failure of its run; only the signal ends it all. */
export async function takeTurns<T extends Entrant>(
  contestants: readonly T[],
  { rounds, once, signal, report }: Turns,
  turn: (contestant: T) => Promise<Run>,
): Promise<readonly ContestantResult[]> {
  const runs = new Map<string, Run[]>(contestants.map(({ id }) => [id, []]));
  for (let round = 0; round < rounds; round++) {
    const present = contestants.filter(({ id }) => round === 0 || !once?.has(id));
    for (const contestant of inOrderOf(present, round)) {
      const begin = performance.now();
      const run = await turn(contestant).catch((error: unknown): Run => {
        signal.throwIfAborted();
        return { figures: {}, failure: error instanceof Error ? error.message : String(error) };
      });
      runs.get(contestant.id)?.push(run);
      const seconds = ((performance.now() - begin) / 1000).toFixed(1);
      const said = run.failure ?? run.note;
      report(
        `round ${round + 1} of ${rounds}: ${contestant.name}, ${seconds} s${said === undefined ? "" : `: ${said}`}`,
      );
    }
  }
  return contestants.map(({ id, name }) => ({ id, name, runs: runs.get(id) ?? [] }));
}
