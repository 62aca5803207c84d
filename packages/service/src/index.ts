export { serveHealth } from "./health.ts";
export { createLog, logLevels } from "./log.ts";
export { optionsOf, portNumber, wholeNumber } from "./option.ts";

export type { HealthOptions, HealthServer } from "./health.ts";
