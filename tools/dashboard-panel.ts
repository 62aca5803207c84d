/** What a panel shows, in Grafana's names of units. */
type Unit = "s" | "short" | "bytes" | "Bps" | "ops" | "cps";

/** A panel of a dashboard. */
export interface Panel {
  readonly kind: "timeseries" | "stat";
  readonly title: string;
  readonly description: string;
  readonly unit: Unit;
  /** PromQL, with the name of each of its series, in which `{{label}}` stands for a label's value. */
  readonly queries: readonly (readonly [expression: string, legend: string])[];
}

/** Panels under a heading. */
export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

/** A graph over time. */
export function graph(
  title: string,
  unit: Unit,
  description: string,
  ...queries: readonly (readonly [string, string])[]
): Panel {
  return { kind: "timeseries", title, description, unit, queries };
}

/** A number, which is well as long as it is 0. */
export function alarm(title: string, description: string, expression: string): Panel {
  return { kind: "stat", title, description, unit: "short", queries: [[expression, ""]] };
}

/** Where all come from: a variable of the dashboard. */
export const source = { type: "prometheus", uid: "${datasource}" };
/** The width of a dashboard, and of the panels of each kind. */
const fullWidth = 24;
const sizes = { timeseries: { w: 8, h: 8 }, stat: { w: 6, h: 4 } };

/** The panels in Grafana's JSON, laid out from left to right under their headings. */
export function panelsOf(rows: readonly Row[]): object[] {
  const laidOut: object[] = [];
  let top = 0;
  for (const { title, panels } of rows) {
    laidOut.push({
      id: laidOut.length + 1,
      type: "row",
      title,
      collapsed: false,
      panels: [],
      gridPos: { x: 0, y: top, w: fullWidth, h: 1 },
    });
    let [x, y, height] = [0, top + 1, 0];
    for (const panel of panels) {
      const { w, h } = sizes[panel.kind];
      if (x + w > fullWidth) [x, y, height] = [0, y + height, 0];
      laidOut.push({ id: laidOut.length + 1, ...panelOf(panel), gridPos: { x, y, w, h } });
      x += w;
      height = Math.max(height, h);
    }
    top = y + height;
  }
  return laidOut;
}

function panelOf({ kind, title, description, unit, queries }: Panel): object {
  const isGraph = kind === "timeseries";
  return {
    type: kind,
    title,
    description,
    datasource: source,
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        ...(isGraph
          ? { custom: { drawStyle: "line", lineWidth: 1, fillOpacity: 10, showPoints: "never" } }
          : { color: { mode: "thresholds" }, thresholds: greenAtZero }),
      },
      overrides: [],
    },
    options: isGraph
      ? { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } }
      : { colorMode: "background", graphMode: "none", reduceOptions: { calcs: ["lastNotNull"] } },
    targets: queries.map(([expr, legendFormat], index) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + index),
      datasource: source,
      expr,
      ...(legendFormat !== "" && { legendFormat }),
    })),
  };
}

const greenAtZero = {
  mode: "absolute",
  steps: [
    { color: "green", value: null },
    { color: "red", value: 1 },
  ],
};
