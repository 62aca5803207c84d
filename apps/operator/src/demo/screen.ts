import type { ConfigMaps } from "./expectation.ts";
import { type Colors, line, type Span, spread, type Style } from "./line.ts";
import { mirrorName } from "./names.ts";
import type { Outcome } from "./player.ts";
import { compare, type Mark, pick, type Row } from "./rows.ts";
import type { Pod } from "./stage.ts";
import { milliseconds, mirrored, type Tally } from "./tally.ts";

/** What was seen of the cluster at one moment. */
export interface Sight {
  readonly pods: ReadonlyMap<string, Pod>;
  readonly configMaps: ConfigMaps;
}

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

/** The screen as text, lines of at most `columns` characters, one line fewer than `rows` since the cursor stands in the last. */
export function screen(picture: Picture, { columns, rows }: Size, colors: Colors): string {
  const head = [...header(picture, columns, colors), "", ...stepLines(picture.step, columns, colors)];
  const pods = compare(podTexts(picture.before.pods), podTexts(picture.now.pods));
  const keys = compare(keyTexts(picture.before.configMaps), keyTexts(picture.now.configMaps));
  const peers = peerNames(picture.now.configMaps);

  const titles = 4; // two, each with an empty line before it
  const room = Math.max(0, rows - 1 - head.length - titles);
  const podRoom = Math.min(pods.length, Math.max(room - keys.length, Math.ceil(room * 0.4)));
  const list = (shown: readonly Row[], space: number, noun: string, lead: (row: Row) => Span) => {
    const picked = pick(shown, space);
    const width = Math.max(0, ...picked.shown.map(({ key }) => key.length));
    return [
      ...picked.shown.map((row) => line(rowSpans(row, lead(row), width), columns, colors)),
      ...(picked.hidden > 0 && space > 0
        ? [line([[`   … ${picked.hidden} more ${noun}`, "dim"]], columns, colors)]
        : []),
    ];
  };
  const body = [
    "",
    line(
      [
        [" Pods ", "bold"],
        [podsTitle(picture.now, peers), "dim"],
      ],
      columns,
      colors,
    ),
    ...list(pods, podRoom, "pods", ({ key }) => (peers.has(key) ? ["●", "green"] : ["○", "dim"])),
    "",
    line(
      [
        [" ConfigMap ", "bold"],
        [configMapsTitle(picture.now.configMaps), "dim"],
      ],
      columns,
      colors,
    ),
    ...list(keys, room - podRoom, "keys", () => [" "]),
  ];
  return [...head, ...body].slice(0, Math.max(0, rows - 1)).join("\n");
}

function header({ kubeconfigPath, tally }: Picture, columns: number, colors: Colors): string[] {
  // not cut: it's there to be copied
  const command = ` export KUBECONFIG=${kubeconfigPath}; kubectl get mm,cm,pods`;
  const pieces = command.match(new RegExp(`.{1,${Math.max(1, columns)}}`, "gu")) ?? [];
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
    ...pieces.map((piece) => line([[piece, "dim"]], columns, colors)),
  ];
}

/** How many faults of a step are shown. */
const maxFaults = 4;

function stepLines(step: Picture["step"], columns: number, colors: Colors): string[] {
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

const looks: Readonly<Record<Mark, { readonly sign: string; readonly style?: Style }>> = {
  new: { sign: "+", style: "green" },
  changed: { sign: "~", style: "yellow" },
  gone: { sign: "-", style: "red" },
  same: { sign: " " },
};

function rowSpans({ key, text, mark }: Row, lead: Span, width: number): Span[] {
  const { sign, style } = looks[mark];
  const styled = (span: string, otherwise?: Style): Span => {
    const chosen = style ?? otherwise;
    return chosen === undefined ? [span] : [span, chosen];
  };
  return [styled(sign), lead, styled(` ${key.padEnd(width)}  `), styled(text, "dim")];
}

function podTexts(pods: ReadonlyMap<string, Pod>): ReadonlyMap<string, string> {
  return new Map(
    [...pods].map(([name, { podIP, phase, labels, annotations }]) => {
      const pairs = [...Object.entries(labels), ...Object.entries(annotations)].map(
        ([key, value]) => `${key}=${value}`,
      );
      return [name, `${podIP.padEnd(11)} ${phase.padEnd(8)} ${oneLine(pairs.join("  "))}`];
    }),
  );
}

/** All keys with their values on one line each; a key is in one of the ConfigMaps only. */
function keyTexts(configMaps: ConfigMaps): ReadonlyMap<string, string> {
  const entries = [...configMaps.values()].flatMap(({ data }) => Object.entries(data));
  return new Map(entries.map(([key, value]) => [key, oneLine(value)]));
}

function oneLine(text: string): string {
  return text.trimEnd().replaceAll("\n", " ⏎ ");
}

function peerNames(configMaps: ConfigMaps): ReadonlySet<string> {
  const keys = [...configMaps.values()].flatMap(({ data }) => Object.keys(data));
  return new Set(keys.filter((key) => key.endsWith("_podName")).map((key) => key.slice(0, key.indexOf("_"))));
}

function podsTitle({ pods }: Sight, peers: ReadonlySet<string>): string {
  return `${pods.size} · mirrored ● ${[...pods.keys()].filter((name) => peers.has(name)).length}`;
}

function configMapsTitle(configMaps: ConfigMaps): string {
  if (configMaps.size === 0) return `${mirrorName} · not there`;
  return [...configMaps].map(([name, { data }]) => `${name} · keys ${Object.keys(data).length}`).join("   ");
}
