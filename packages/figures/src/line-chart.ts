import { type Axis, axisOption } from "./axis.ts";
import { renderSvg } from "./svg.ts";
import { palette, strokes } from "./theme.ts";

/** One line of a chart. */
export interface Line {
  readonly name: string;
  /** x and y of each point, in the order that the line takes. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LineChart {
  /** What is read out instead of the figure. */
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly Line[];
  /** Whether each point is marked. Default true. */
  readonly marks?: boolean;
  /** Whether the line goes up where the next point is, and is level before it. Default false. */
  readonly steps?: boolean;
}

/** Draws lines over two axes, each linear or logarithmic: see {@link renderSvg}. */
export function lineChart({ title, x, y, lines, marks = true, steps = false }: LineChart): string {
  return renderSvg(title, {
    xAxis: axisOption(x, 34),
    yAxis: axisOption(y, 54),
    series: lines.map(({ name, points }, index) => {
      const color = palette[index % palette.length];
      return {
        type: "line",
        name,
        data: points.map(([px, py]) => [px, py]),
        showSymbol: marks,
        symbol: "circle",
        symbolSize: 7,
        itemStyle: { color, borderWidth: 0 },
        lineStyle: { color, width: 2, type: strokes[index % strokes.length] },
        ...(steps && { step: "end" }),
      };
    }),
  });
}
