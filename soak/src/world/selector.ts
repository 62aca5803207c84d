/** A requirement of a label selector, as `matchExpressions` has it. `values` is empty with Exists and DoesNotExist. */
export interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values: readonly string[];
}

/** All of them must hold; of none every pod is selected. */
export type Selector = readonly Requirement[];

type Labels = Readonly<Record<string, string>>;

/** Whether labels meet all requirements: a label that isn't there meets NotIn and DoesNotExist. */
export function matches(selector: Selector, labels: Labels): boolean {
  return selector.every(({ key, operator, values }) => {
    const value = labels[key];
    switch (operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
    }
  });
}

/** As the API has it: `In` with one value as a label to match, which people write most. */
export function labelSelector(selector: Selector): object {
  const isLabel = ({ operator, values }: Requirement) => operator === "In" && values.length === 1;
  const labels = selector.filter(isLabel);
  const expressions = selector.filter((requirement) => !isLabel(requirement));
  return {
    ...(labels.length > 0 && { matchLabels: Object.fromEntries(labels.map(({ key, values }) => [key, values[0]])) }),
    ...(expressions.length > 0 && {
      matchExpressions: expressions.map(({ key, operator, values }) => ({
        key,
        operator,
        ...(values.length > 0 && { values }),
      })),
    }),
  };
}
