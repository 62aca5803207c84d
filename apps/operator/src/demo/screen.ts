import { type Colors, line, type Span, spread, type Style } from "./line.ts";
import type { Outcome } from "./player.ts";
import { compare, type Mark, pick, type Row } from "./rows.ts";
import { configMapsTitle, keyTexts, peerNames, podsTitle, podTexts, type Sight } from "./sight.ts";
import { milliseconds, mirrored, type Tally } from "./tally.ts";

/** All that the screen shows. */
export interface Picture {
  readonly kubeconfigPath: string;
  readonly tally: Tally;
  /** The step under way, or the last one; undefined before the first. */
  readonly step: { readonly title: string; readonly outcome: Outcome | undefined } | undefined;
  /** What was seen when that step began. */
  readonly before: Sight;
  readonly now: Sight;
}

/** The size of a terminal, in characters. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Where and how lines are written. */
interface Pen {
  readonly columns: number;
  readonly colors: Colors;
}

/**
 * The screen as text: lines of at most `columns` columns, and one line fewer than `rows`, since the cursor stands in the last. Where there
 * is not room for all pods and keys, those that changed since the step began come first.
 */
export function screen(picture: Picture, { columns, rows }: Size, colors: Colors): string {
  const { before, now } = picture;
  const pen = { columns, colors };
  const head = [...header(picture, pen), "", ...stepLines(picture.step, pen)];
  const pods = compare(podTexts(before), podTexts(now));
  const keys = compare(keyTexts(before), keyTexts(now));
  const peers = peerNames(now);

  const titles = 4; // two, each below an empty line
  const room = Math.max(0, rows - 1 - head.length - titles);
  const podRoom = Math.min(pods.length, Math.max(room - keys.length, Math.ceil(room * 0.4)));
  const body = [
    "",
    line(
      [
        [" Pods ", "bold"],
        [podsTitle(now), "dim"],
      ],
      columns,
      colors,
    ),
    ...list(pods, podRoom, ({ key }) => (peers.has(key) ? ["●", "green"] : ["○", "dim"]), pen),
    "",
    line(
      [
        [" ConfigMap ", "bold"],
        [configMapsTitle(now), "dim"],
      ],
      columns,
      colors,
    ),
    ...list(keys, room - podRoom, () => [" "], pen),
  ];
  return [...head, ...body].slice(0, Math.max(0, rows - 1)).join("\n");
}

function header({ kubeconfigPath, tally }: Picture, { columns, colors }: Pen): string[] {
  // folded, not cut: it's there to be copied
  const command = ` export KUBECONFIG=${kubeconfigPath}; kubectl get mm,cm,pods`;
  const folded = command.match(new RegExp(`.{1,${Math.max(1, columns)}}`, "gu")) ?? [];
  return [
    spread(
      [
        [" Metadata Mirror", "bold"],
        [" · q quits", "dim"],
      ],
      [mirrored(tally), "cyan"],
      columns,
      colors,
    ),
    ...folded.map((piece) => line([[piece, "dim"]], columns, colors)),
  ];
}

/** How many faults of a step are shown. */
const maxFaults = 4;

function stepLines(step: Picture["step"], { columns, colors }: Pen): string[] {
  if (step === undefined) return [""];
  const { title, outcome } = step;
  if (outcome === undefined)
    return [
      spread(
        [
          [" ▶ ", "yellow"],
          [title, "bold"],
        ],
        ["…"],
        columns,
        colors,
      ),
    ];
  const right = outcome.faults.length === 0;
  const style: Style = right ? "green" : "red";
  const result: Span = [right ? milliseconds(outcome.ms) : "wrong", style];
  return [
    spread(
      [
        [right ? " ✔ " : " ✘ ", style],
        [title, "bold"],
      ],
      result,
      columns,
      colors,
    ),
    ...outcome.faults.slice(0, maxFaults).map((fault) => line([[`   ${fault}`, "red"]], columns, colors)),
  ];
}

const looks: Readonly<Record<Mark, { readonly sign: string; readonly style: Style }>> = {
  new: { sign: "+", style: "green" },
  changed: { sign: "~", style: "yellow" },
  gone: { sign: "-", style: "red" },
  same: { sign: " ", style: "dim" },
};

/** At most `room` lines for the rows, each with its `lead` before the key. */
function list(rows: readonly Row[], room: number, lead: (row: Row) => Span, { columns, colors }: Pen): string[] {
  if (room <= 0) return [];
  const { shown, hidden } = pick(rows, room);
  const width = Math.max(0, ...shown.map(({ key }) => key.length));
  const lines = shown.map((row) => {
    const { sign, style } = looks[row.mark];
    const key: Span = row.mark === "same" ? [` ${row.key.padEnd(width)}  `] : [` ${row.key.padEnd(width)}  `, style];
    return line([[sign, style], lead(row), key, [row.text, style]], columns, colors);
  });
  return hidden === 0 ? lines : [...lines, line([[`   … ${hidden} more`, "dim"]], columns, colors)];
}
