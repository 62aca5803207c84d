import {
  changePod,
  deleteConfigMap,
  emptyNamespace,
  type Move,
  replaceMirror,
  replacePod,
  rollOut,
  type Troupe,
} from "./moves.ts";
import { passGrant, passLease, passNamespace, passNode } from "./passing.ts";

/** All that comes, goes and changes, and how often: out of 100 moves. */
const moves = {
  changePod: [35, changePod],
  replacePod: [10, replacePod],
  rollOut: [25, rollOut],
  replaceMirror: [14, replaceMirror],
  deleteConfigMap: [6, deleteConfigMap],
  passNamespace: [3, passNamespace],
  passGrant: [1, passGrant],
  passNode: [3, passNode],
  passLease: [3, passLease],
} as const satisfies Readonly<Record<string, readonly [number, Move]>>;

type MoveName = keyof typeof moves;

const weights = Object.fromEntries(Object.entries(moves).map(([name, [weight]]) => [name, weight])) as Record<
  MoveName,
  number
>;

/** After so many moves a namespace loses all its mirrors and gets others. */
const emptyEvery = 400;

/** As many moves are under way at once. */
const mostAtOnce = 24;

/** How often each move was made. */
export type Counts = Readonly<Record<string, number>>;

/** Makes moves at random for some time, `perSecond` of them or as many as there can be, and answers how many. The first failure is thrown. */
export async function churn(troupe: Troupe, perSecond: number, forMs: number): Promise<Counts> {
  const { clock, random, signal } = troupe;
  const counts: Record<string, number> = {};
  const underWay = new Set<Promise<void>>();
  let failure: unknown;
  const begin = (name: string, move: Move): void => {
    const task: Promise<void> = move(troupe)
      .then(() => void (counts[name] = (counts[name] ?? 0) + 1))
      .catch((error: unknown) => void (failure ??= error))
      .finally(() => underWay.delete(task));
    underWay.add(task);
  };

  const end = clock.monotonic() + forMs;
  let due = clock.monotonic();
  for (let step = 1; clock.monotonic() < end && failure === undefined; step++) {
    signal.throwIfAborted();
    const wait = due - clock.monotonic();
    if (wait > 0) await clock.sleep(wait, signal);
    if (underWay.size >= mostAtOnce) await Promise.race(underWay);
    if (step % emptyEvery === 0) {
      await Promise.all(underWay);
      begin("emptyNamespace", emptyNamespace);
      await Promise.all(underWay);
    } else {
      const name = random.weighted(weights);
      begin(name, moves[name][1]);
    }
    due = Math.max(due + 1000 / perSecond, clock.monotonic() - 1000);
  }
  await Promise.all(underWay);
  if (failure !== undefined) throw failure;
  return counts;
}
