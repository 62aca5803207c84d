import { type Logger, pino } from "pino";

export const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** A logger to standard output: a line of JSON each for a pipe, readable lines for a terminal. */
export function createLog(level: string, isTerminal: boolean): Logger {
  const options = { level, base: null };
  return isTerminal ? pino({ ...options, transport: { target: "pino-pretty" } }) : pino(options);
}
