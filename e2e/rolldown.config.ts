import type { RolldownOptions } from "rolldown";
import app from "../rolldown.config.ts";

/** What the tests and docs/examples run in pods. */
const programs = ["client-library", "follow-peers", "watch-file"];

/** Each is bundled as an app is, to a folder of its own. */
const config: RolldownOptions[] = programs.map((program) => ({
  ...app,
  input: { main: `programs/${program}/main.ts` },
  output: [app.output ?? []].flat().map((output) => ({ ...output, dir: `dist/${program}` })),
}));
export default config;
