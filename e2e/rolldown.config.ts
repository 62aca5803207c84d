import type { RolldownOptions } from "rolldown";
import app from "../rolldown.config.ts";

/** How the program of docs/examples/api-by-client-library.yaml is bundled: as an app is. */
const config: RolldownOptions = { ...app, input: { main: "programs/client-library/main.ts" } };
export default config;
