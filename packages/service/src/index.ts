export { serveHealth } from "./health.ts";
export { createLog, logLevels } from "./log.ts";
export { asBoolean, optionsOf, portNumber, wholeNumber } from "./option.ts";

export type { HealthOptions, HealthServer } from "./health.ts";
