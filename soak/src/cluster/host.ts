import type { Clock } from "@metadata-mirror/api-client";
import type { Progress } from "../report/progress.ts";

/** What a soak runs on. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The path of Node.js. */
  readonly node: string;
  readonly clock: Clock;
  /** A line for a person, while it starts. */
  readonly report: (line: string) => void;
  /** Called for each step. */
  readonly progress: (progress: Progress) => void;
  /** Ends all of it. */
  readonly signal: AbortSignal;
}
