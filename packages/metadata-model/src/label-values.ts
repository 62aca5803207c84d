/** What a requirement takes of one label: of the values some or all but some, and perhaps pods without the label. */
export interface LabelValues {
  /** Whether pods without the label are taken. */
  readonly absent: boolean;
  /** Whether `values` are those that are not taken, of all there are. */
  readonly allBut: boolean;
  readonly values: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

/** Every value, and no label at all. */
export const anything: LabelValues = { absent: true, allBut: true, values: none };

/** Every value. */
export const present: LabelValues = { absent: false, allBut: true, values: none };

function filtered(values: ReadonlySet<string>, keep: (value: string) => boolean): ReadonlySet<string> {
  return new Set([...values].filter(keep));
}

/** What isn't of `taken`. */
function opposite({ absent, allBut, values }: LabelValues): LabelValues {
  return { absent: !absent, allBut: !allBut, values };
}

/** What either takes. */
export function either(a: LabelValues, b: LabelValues): LabelValues {
  const absent = a.absent || b.absent;
  if (!a.allBut && !b.allBut) return { absent, allBut: false, values: new Set([...a.values, ...b.values]) };
  if (a.allBut && b.allBut) return { absent, allBut: true, values: filtered(a.values, (value) => b.values.has(value)) };
  const [some, rest] = a.allBut ? [b, a] : [a, b];
  return { absent, allBut: true, values: filtered(rest.values, (value) => !some.values.has(value)) };
}

/** What both take. */
export function both(a: LabelValues, b: LabelValues): LabelValues {
  return opposite(either(opposite(a), opposite(b)));
}

/** Whether nothing at all is taken. */
export function isNothing({ absent, allBut, values }: LabelValues): boolean {
  return !absent && !allBut && values.size === 0;
}

/** Whether all is taken, whatever the label says. */
export function isAnything(taken: LabelValues): boolean {
  return isNothing(opposite(taken));
}

/** Whether `outer` takes all that `inner` does. */
export function isWithin(inner: LabelValues, outer: LabelValues): boolean {
  return isNothing(both(inner, opposite(outer)));
}

/** Whether a label of this value is taken; undefined is no label. */
export function takes({ absent, allBut, values }: LabelValues, value: string | undefined): boolean {
  return value === undefined ? absent : values.has(value) !== allBut;
}
