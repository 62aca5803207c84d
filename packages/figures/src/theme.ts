/** What is drawn without meaning, by its light colour. */
export const ink = { text: "#3d444d", grid: "#d1d9e0" } as const;

/** The colours of the series, in their order: apart for the colour-blind too (Okabe and Ito), by their light colour. */
export const palette = ["#0969da", "#d55e00", "#00795a", "#a3478c"] as const;

/** What each becomes on a dark page: everything that is drawn has one of these colours. */
export const dark: Readonly<Record<string, string>> = {
  [ink.text]: "#d1d7e0",
  [ink.grid]: "#3d444d",
  "#0969da": "#58a6ff",
  "#d55e00": "#ff9d57",
  "#00795a": "#2fcf9f",
  "#a3478c": "#e58fd0",
};

/** How a line is told from another without its colour. */
export const strokes = ["solid", "dashed", "dotted", "solid"] as const;

export const axisName = { color: ink.text, fontSize: 13 };
