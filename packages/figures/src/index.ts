export { barChart } from "./bar-chart.ts";
export { cdfChart } from "./cdf-chart.ts";
export { lineChart } from "./line-chart.ts";
export { markdownTable, replaceBlock } from "./markdown.ts";
export { quantile } from "./quantile.ts";

export type { Axis } from "./axis.ts";
export type { BarChart } from "./bar-chart.ts";
export type { CdfChart, Sample } from "./cdf-chart.ts";
export type { Line, LineChart } from "./line-chart.ts";
