import type { Clock } from "@metadata-mirror/api-client";
import { metadataMirrors } from "../mirror/resources.ts";
import { differences, ownerFaults } from "./expectation.ts";
import { mirrorName, namespace } from "./names.ts";
import type { Play, Step } from "./scenario.ts";
import type { Stage } from "./stage.ts";

/** What came of a step. */
export interface Outcome {
  /** From just before the step's first write to the event with which the ConfigMaps were right, or until it was given up. */
  readonly ms: number;
  /** What was not as expected, a line each; none where all was right. */
  readonly faults: readonly string[];
}

/** A step begins, or has ended. */
export type Progress =
  | { readonly type: "begun"; readonly number: number; readonly step: Step }
  | { readonly type: "ended"; readonly number: number; readonly step: Step; readonly outcome: Outcome };

/** What the player needs of a stage. */
type Scene = Pick<Stage, "client" | "signal"> & {
  readonly configMaps: Pick<Stage["configMaps"], "current" | "onChange">;
};

/** How a step is played. */
export interface PlayOptions {
  readonly clock: Clock;
  /** How many milliseconds a step may take. */
  readonly deadlineMs: number;
}

/**
 * Makes the step's change and waits for the event of the ConfigMaps' watch that makes them right: right *after they were not*, so that a
 * step which is to change nothing in the end (a hand edit put back) is not done before it was disturbed. Undefined where the stage
 * came to its end meanwhile.
 */
export async function playStep(
  step: Step,
  stage: Scene,
  { clock, deadlineMs }: PlayOptions,
): Promise<Outcome | undefined> {
  const { client, configMaps, signal } = stage;
  const over = new AbortController();
  const isRight = () => differences(step.expected, configMaps.current()).length === 0;
  const startedAt = clock.monotonic();
  const right = Promise.withResolvers<number>();
  let wasWrong = !isRight();
  const forget = configMaps.onChange(() => {
    if (!isRight()) wasWrong = true;
    else if (wasWrong) right.resolve(clock.monotonic());
  });
  try {
    const deadline = clock.sleep(deadlineMs, AbortSignal.any([signal, over.signal]));
    const [rightAt] = (await Promise.race([Promise.all([right.promise, step.write(client)]), deadline])) ?? [];
    if (signal.aborted) return undefined;
    if (rightAt !== undefined) return { ms: rightAt - startedAt, faults: await owners(stage) };
    const faults = differences(step.expected, configMaps.current());
    const missed = faults.length > 0 ? faults : ["the ConfigMaps are as they were, no change was seen"];
    return { ms: deadlineMs, faults: [`not right within ${deadlineMs} ms:`, ...missed] };
  } catch (error) {
    if (signal.aborted) return undefined;
    return { ms: clock.monotonic() - startedAt, faults: [error instanceof Error ? error.message : String(error)] };
  } finally {
    forget();
    over.abort();
  }
}

async function owners({ client, configMaps }: Scene): Promise<readonly string[]> {
  const { metadata } = await client.get(metadataMirrors, { namespace, name: mirrorName });
  return ownerFaults(configMaps.current(), metadata.uid);
}

/** Plays the steps one after the other, with a pause of `paceMs` in between, until they or the stage come to their end. */
export async function* perform(
  play: Play,
  stage: Scene,
  { paceMs, ...options }: PlayOptions & { readonly paceMs: number },
): AsyncGenerator<Progress, void, undefined> {
  let number = 1;
  for (let next = play.next(true); !next.done; number++) {
    const step = next.value;
    yield { type: "begun", number, step };
    const outcome = await playStep(step, stage, options);
    if (outcome === undefined) return;
    yield { type: "ended", number, step, outcome };
    await options.clock.sleep(paceMs, stage.signal);
    if (stage.signal.aborted) return;
    next = play.next(outcome.faults.length === 0);
  }
}
