/** A line of the output of programs/client-library. */
export interface Step {
  readonly step: string;
  readonly pods?: readonly string[];
  readonly data?: unknown;
  readonly [field: string]: unknown;
}

/** The steps that the output tells of so far, in order. */
export function stepsIn(output: string): readonly Step[] {
  return output
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as Step);
}
