import { type Logger, pino } from "pino";

export const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/**
 * A logger to standard output: a line of JSON each, for a pipe. `readable` makes them lines for a person at a terminal; what that
 * takes is loaded only then.
 */
export async function createLog(level: string, readable: boolean): Promise<Logger> {
  const options = { level, base: null };
  if (!readable) return pino(options);
  const { PinoPretty } = await import("pino-pretty");
  return pino(options, PinoPretty({ sync: true }));
}
