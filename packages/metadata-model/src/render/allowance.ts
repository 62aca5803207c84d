/** What one rendering may take. Counted, never timed: the same input comes to the same end on every machine. */
export interface Allowance {
  /** Takes steps. Throws where there are none left. */
  readonly spend: (steps: number) => void;
  /** Takes bytes of output. Throws where there are none left. */
  readonly emit: (bytes: number) => void;
  /** How many steps were taken; all there were once there were none left. */
  readonly spent: () => number;
  /** Of what there was too little, once it threw. */
  readonly exhausted: () => "steps" | "bytes" | undefined;
}

/** An allowance of so many steps and bytes. */
export function createAllowance(steps: number, bytes: number): Allowance {
  const left = { steps, bytes };
  const take = (what: keyof typeof left) => (amount: number) => {
    // of what is no number nothing is taken, else nothing would ever be too much
    if (amount > 0) left[what] -= amount;
    if (left[what] < 0) throw new Error(`no ${what} left`);
  };
  return {
    spend: take("steps"),
    emit: take("bytes"),
    spent: () => Math.min(steps, steps - left.steps),
    exhausted: () => (left.steps < 0 ? "steps" : left.bytes < 0 ? "bytes" : undefined),
  };
}

/** How many characters or elements are read, made or compared in a step; a step is about what rendering `{{ x }}` takes. */
const perStep = 16;

/** Up to this length of what is searched for, V8 searches in linear time; beyond, each character may be compared with all of it. */
const fastSearch = 250;

/** The steps of going through so many characters or elements. */
export function stepsOf(count: number): number {
  return count / perStep;
}

/** The steps of searching `text` for `pattern`. */
export function searchSteps(text: string, pattern: string): number {
  return stepsOf(text.length * (pattern.length > fastSearch ? pattern.length : 1));
}

/** Takes the steps of going through `value` and all that is in it. */
export function spendOn(value: unknown, spend: Allowance["spend"]): void {
  if (typeof value === "string") spend(stepsOf(value.length));
  else if (typeof value === "object" && value !== null) {
    const inner: unknown[] = Object.values(value);
    spend(stepsOf(inner.length));
    for (const one of inner) spendOn(one, spend);
  }
}
