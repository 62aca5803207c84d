import type { WriteStream } from "node:tty";
import type { Clock } from "@metadata-mirror/api-client";
import { createLogUpdate } from "log-update";
import type { Colors } from "./line.ts";
import type { Progress } from "./player.ts";
import { type Picture, screen, type Size } from "./screen.ts";
import type { Sight } from "./sight.ts";
import type { Stage } from "./stage.ts";
import { count, emptyTally, type Tally } from "./tally.ts";

/** Where the play is shown. */
export interface LiveOptions {
  readonly terminal: WriteStream;
  readonly colors: Colors;
  readonly clock: Clock;
}

/** Milliseconds between two looks at the cluster; a picture that is the same is not drawn again. */
const frameMs = 80;

const enterAlternateScreen = "\u001B[?1049h";
const leaveAlternateScreen = "\u001B[?1049l";
const clearScreen = "\u001B[2J\u001B[H";

/** Shows the play on a terminal until it's over, and leaves the terminal as it was. */
export async function showLive(
  progress: AsyncIterable<Progress>,
  stage: Stage,
  { terminal, colors, clock }: LiveOptions,
): Promise<Tally> {
  const look = (): Sight => ({ pods: stage.pods.current(), configMaps: stage.configMaps.current() });
  const { kubeconfigPath } = stage;
  let picture: Picture = { kubeconfigPath, tally: emptyTally, step: undefined, before: look(), now: look() };
  const over = new AbortController();
  terminal.write(enterAlternateScreen);
  const drawing = draw(() => ({ ...picture, now: look() }), { terminal, colors, clock }, over.signal);
  try {
    for await (const event of progress) {
      const { title } = event.step;
      if (event.type === "begun") {
        picture = { ...picture, step: { title, outcome: undefined }, before: look() };
      } else {
        const { outcome } = event;
        picture = { ...picture, step: { title, outcome }, tally: count(picture.tally, outcome) };
      }
    }
  } finally {
    over.abort();
    await drawing;
    terminal.write(leaveAlternateScreen);
  }
  return picture.tally;
}

/** Draws the picture again and again, in the size that the terminal has then, until `signal` aborts. */
async function draw(
  picture: () => Picture,
  { terminal, colors, clock }: LiveOptions,
  signal: AbortSignal,
): Promise<void> {
  const update = createLogUpdate(terminal);
  let drawn: Size | undefined;
  while (!signal.aborted) {
    const { columns, rows } = terminal;
    if (drawn?.columns !== columns || drawn.rows !== rows) {
      update.clear();
      terminal.write(clearScreen); // a terminal that is resized may have wrapped what was there
      drawn = { columns, rows };
    }
    update(screen(picture(), drawn, colors));
    await clock.sleep(frameMs, signal);
  }
  update.done();
}
