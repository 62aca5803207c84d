import { axisName, ink } from "./theme.ts";

/** One axis of a chart. */
export interface Axis {
  /** What it shows, with the unit: `change → file, ms`. */
  readonly name: string;
  /** Default linear. A log axis takes values above 0 only. */
  readonly scale?: "linear" | "log";
  /** Default: what the values take. */
  readonly min?: number;
  /** Default: what the values take. */
  readonly max?: number;
  /** The base of a log axis, and so where its ticks are. Default 10. */
  readonly base?: number;
  /** How a tick is labelled. Default: the number as it is. */
  readonly label?: (value: number) => string;
}

/** The axis for echarts. `nameGap` is the distance between the ticks and the name, in pixels. */
export function axisOption({ name, scale = "linear", min, max, base = 10, label = String }: Axis, nameGap: number) {
  const common = {
    name,
    nameLocation: "middle" as const,
    nameGap,
    nameTextStyle: axisName,
    axisLine: { show: true, lineStyle: { color: ink.text } },
    axisLabel: { color: ink.text, formatter: label },
    splitLine: { lineStyle: { color: ink.grid } },
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  };
  return scale === "log" ? { ...common, type: "log" as const, logBase: base } : { ...common, type: "value" as const };
}
