import { type Axis, axisOption } from "./axis.ts";
import { renderSvg } from "./svg.ts";
import { axisName, ink } from "./theme.ts";

export interface BarChart {
  /** What is read out instead of the figure. */
  readonly title: string;
  /** What stands under each group of bars. */
  readonly groups: readonly string[];
  /** What the groups are. */
  readonly groupName?: string;
  readonly y: Axis;
  /** One bar in each group: as many values as there are groups. */
  readonly bars: readonly { readonly name: string; readonly values: readonly number[] }[];
}

/**
 * Draws bars in groups: see {@link renderSvg}.
 *
 * @throws RangeError where a bar has not a value for each group.
 */
export function barChart({ title, groups, groupName = "", y, bars }: BarChart): string {
  for (const { name, values } of bars) {
    if (values.length !== groups.length) {
      throw new RangeError(`${name} has ${values.length} values for ${groups.length} groups`);
    }
  }
  return renderSvg(title, {
    xAxis: {
      type: "category",
      data: [...groups],
      name: groupName,
      nameLocation: "middle",
      nameGap: 34,
      nameTextStyle: axisName,
      axisLine: { lineStyle: { color: ink.text } },
      axisTick: { show: false },
      axisLabel: { color: ink.text },
    },
    yAxis: axisOption(y, 54),
    series: bars.map(({ name, values }) => ({ type: "bar", name, data: [...values], barGap: "10%" })),
  });
}
