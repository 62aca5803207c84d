/** What an expression of PromQL names. */
export interface PromqlNames {
  readonly metrics: readonly string[];
  /** In matchers and in lists such as that of `by`. */
  readonly labels: readonly string[];
  /** The labels that its result has, where that was aggregated; undefined where it has all that its metrics have. */
  readonly kept: readonly string[] | undefined;
}

const lists = /\b(by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
const operators = new Set(["and", "or", "unless", "bool", "offset", "by", "inf", "nan"]);

/**
 * The names in an expression that parses: what is neither a function, an operator nor a label is a metric, so that no name is missed. It knows
 * PromQL as far as the alerts and the dashboard use it.
 */
export function promqlNames(expression: string): PromqlNames {
  const bare = expression.replace(/"[^"]*"|'[^']*'/g, '""');
  const listed = [...bare.matchAll(lists)].map(([, keyword, labels = ""]) => ({
    keyword,
    labels: labels.split(",").flatMap((label) => label.trim() || []),
  }));
  const matched = [...bare.matchAll(/\b(\w+)\s*(?:=~|!~|!=|=)\s*""/g)].map(([, label = ""]) => label);
  const rest = bare
    .replace(lists, " ")
    .replace(/\{[^}]*\}/g, " ")
    .replace(/\[[^\]]*\]/g, " ");
  const metrics = [...rest.matchAll(/\b([a-zA-Z_:][\w:]*)\b(?!\s*\()/g)]
    .map(([, name = ""]) => name)
    .filter((name) => !operators.has(name));
  return {
    metrics,
    labels: [...matched, ...listed.flatMap(({ labels }) => labels)],
    kept: listed.find(({ keyword }) => keyword === "by")?.labels,
  };
}
