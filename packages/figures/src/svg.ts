import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent } from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { dark, ink, palette } from "./theme.ts";

use([BarChart, LineChart, GridComponent, LegendComponent, SVGRenderer]);

/** The size of a figure, in pixels: a column of text on a page. */
const size = { width: 720, height: 400 } as const;

/**
 * Draws a chart without a browser, as the text of an SVG file: the same option gives the same bytes. It has no background, and its
 * colours follow the reader's page, light or dark, by `prefers-color-scheme`. `title` is what is read out instead of it.
 */
export function renderSvg(title: string, option: EChartsCoreOption): string {
  const chart = init(null, null, { ssr: true, renderer: "svg", ...size });
  try {
    chart.setOption({
      animation: false,
      color: [...palette],
      grid: { left: 74, right: 24, top: 48, bottom: 56 },
      legend: { top: 8, textStyle: { color: ink.text, fontSize: 13 }, itemWidth: 36, itemGap: 32 },
      ...option,
    });
    return finish(title, chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/**
 * Takes out of echarts' SVG what is for a mouse (classes, hover rules, its own attributes) and numbers the ids by the file: echarts
 * numbers them by the process. zrender writes the attributes that this looks for, see its src/svg/core.ts.
 */
function finish(title: string, svg: string): string {
  const bare = svg
    .replaceAll(/<style >[^]*?<\/style>\n?/g, "")
    .replaceAll(/ (?:class|pointer-events|ecmeta_\w+|xmlns:xlink|baseProfile|xml:space)="[^"]*"/g, "")
    .replaceAll(/\bzr\d+-c/g, "clip")
    .replaceAll(/<rect [^>]*fill="none"><\/rect>\n/g, "")
    .replaceAll(/<path [^>]*(?:fill-opacity="0"|fill="none"(?![^>]*stroke=))[^>]*><\/path>\n/g, "")
    .replaceAll(
      /(["\s(,A-Za-z-])(-?\d+\.\d{3,})/g,
      (_, before: string, number: string) => before + Number(Number(number).toFixed(2)),
    )
    .replace("<defs >\n</defs>\n", "");
  const [open = "", ...rest] = bare.split("\n");
  const root = open.replace("<svg", '<svg role="img"');
  return [root, `<title>${escape(title)}</title>`, style, ...rest, ""].join("\n").replace(/\n+$/, "\n");
}

const style = `<style>@media(prefers-color-scheme:dark){${Object.entries(dark)
  .map(([light, color]) => `[fill="${light}"]{fill:${color}}[stroke="${light}"]{stroke:${color}}`)
  .join("")}}</style>`;

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
