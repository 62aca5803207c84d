import { expect, test } from "vitest";
import { barChart } from "./bar-chart.ts";
import { cdfChart } from "./cdf-chart.ts";
import { lineChart } from "./line-chart.ts";

const charts: Readonly<Record<string, () => string>> = {
  "a CDF": () =>
    cdfChart({
      title: "change → file",
      of: "changes",
      x: { name: "s", scale: "log", min: 0.1, max: 100 },
      samples: [
        { name: "Immediate", values: Array.from({ length: 100 }, (_, index) => 0.2 + index / 200) },
        { name: "KubeletSync", values: [61, 72, 88] },
      ],
    }),
  "lines over log axes": () =>
    lineChart({
      title: "shards",
      x: { name: "shards", scale: "log", base: 2 },
      y: { name: "ratio", scale: "log" },
      lines: [
        {
          name: "bytes",
          points: [
            [1, 20.123456],
            [8, 2.5],
            [64, 0.3],
          ],
        },
      ],
    }),
  bars: () =>
    barChart({
      title: "latency",
      groups: ["p50", "p99"],
      y: { name: "ms" },
      bars: [
        { name: "ours", values: [1, 2] },
        { name: "theirs", values: [2, 4] },
      ],
    }),
};

test.for(Object.entries(charts))("%s has the same bytes each time, and few", ([, draw]) => {
  const first = draw();
  expect(draw()).toBe(first);
  expect(first.length).toBeLessThan(12_000);
});

test.for(Object.entries(charts))("%s has a title, no background and nothing for a mouse", ([, draw]) => {
  const svg = draw();
  expect(svg).toMatch(/^<svg role="img"[^\n]*\n<title>[^<]+<\/title>\n/);
  expect(svg).not.toMatch(/<rect|CDATA|class=|ecmeta|:hover|pointer-events/);
  expect(svg).not.toMatch(/\d\.\d{3}/);
});

test.for(Object.entries(charts))("every colour that %s draws with has another on a dark page", ([, draw]) => {
  const [, style = "", drawn = ""] = /<style>(.*?)<\/style>([^]*)/.exec(draw()) ?? [];
  const clipless = drawn.replace(/<defs >[^]*<\/defs>/, "");
  // a line has an inside too, of no area
  const lines = clipless.replaceAll(/ fill="#000"(?= stroke=)/g, "");
  const colours = new Set([...lines.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, colour = ""]) => colour));
  colours.delete("none");
  expect(colours.size).toBeGreaterThan(1);
  expect([...colours].filter((colour) => !style.includes(`[fill="${colour}"]`))).toEqual([]);
});

test("a title is text, whatever is in it", () => {
  const svg = barChart({
    title: "a < b & </svg>",
    groups: ["x"],
    y: { name: "ms" },
    bars: [{ name: "a", values: [1] }],
  });
  expect(svg).toContain("<title>a &lt; b &amp; &lt;/svg></title>");
});

test("a series has its name in the legend, and a sample its size too", () => {
  expect(charts["bars"]?.()).toMatch(/>ours<.*\n[^]*>theirs</);
  expect(charts["a CDF"]?.()).toContain(">KubeletSync (3)<");
});

test("the ticks of a log axis are powers of its base, labelled as told", () => {
  const x = { name: "s", scale: "log", min: 0.1, max: 10, label: (value: number) => `${value * 1000} ms` } as const;
  const svg = cdfChart({ title: "t", of: "changes", x, samples: [{ name: "a", values: [0.2, 3] }] });
  expect([...svg.matchAll(/>(\d+ ms)</g)].map(([, label]) => label)).toEqual(["100 ms", "1000 ms", "10000 ms"]);
});

test("a CDF rises where a value is, from nothing to all", () => {
  const x = { name: "s", scale: "log", min: 1, max: 100 } as const;
  const svg = cdfChart({ title: "t", of: "changes", x, samples: [{ name: "a", values: [10, 1] }] });
  const [, line = ""] = /<g clip-path[^>]*>\n<path d="([^"]*)"/.exec(svg) ?? [];
  const [left, right] = [75, 385.5];
  const [none, half, all] = [344, 196, 48];
  const corners = [
    [left, none],
    [left, half],
    [right, half],
    [right, all],
  ].map((corner) => corner.join(" "));
  expect(line).toBe(`M${corners.join("L")}`);
});

test("bars without a value for each group are refused", () => {
  const draw = () =>
    barChart({ title: "t", groups: ["p50", "p99"], y: { name: "ms" }, bars: [{ name: "a", values: [1] }] });
  expect(draw).toThrow("a has 1 values for 2 groups");
});
