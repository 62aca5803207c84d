import { describePermission, type Permission } from "./permissions.ts";

/**
 * What is missing and what for, and the RBAC rules that give it: one text that is YAML as a whole, to be piped to `kubectl apply -f -`.
 * A Role for each namespace, a ClusterRole for what has none, all of the name `role`; they grant what is missing and nothing
 * more. Who gets them isn't known here, so the bindings are left to who reads it. Empty where nothing is missing.
 */
export function explainMissing(missing: readonly Permission[], role: string): string {
  if (missing.length === 0) return "";
  const lines = missing.map((permission) => `# - ${describePermission(permission)}: ${permission.reason}`);
  const roles = [...Map.groupBy(missing, ({ namespace }) => namespace)].map(([namespace, permissions]) =>
    roleYaml(role, namespace, permissions),
  );
  return [
    "# These permissions are missing:",
    ...lines,
    "# The rules below grant them: bind each role to the account that is used, or add its rules to one that is bound already.",
    roles.join("---\n"),
  ].join("\n");
}

function roleYaml(role: string, namespace: string | undefined, permissions: readonly Permission[]): string {
  const rules = [...Map.groupBy(permissions, ({ group }) => group)].flatMap(([group, ofGroup]) =>
    rulesYaml(group, ofGroup),
  );
  return `${[
    "apiVersion: rbac.authorization.k8s.io/v1",
    `kind: ${namespace === undefined ? "ClusterRole" : "Role"}`,
    "metadata:",
    `  name: ${scalar(role)}`,
    ...(namespace === undefined ? [] : [`  namespace: ${scalar(namespace)}`]),
    "rules:",
    ...rules,
  ].join("\n")}\n`;
}

/** One rule for all resources of a group that have the same verbs and name: more in one would grant what isn't missing. */
function rulesYaml(group: string, permissions: readonly Permission[]): readonly string[] {
  const byTarget = Map.groupBy(permissions, ({ resource, name }) => JSON.stringify([resource, name]));
  const targets = [...byTarget.values()].map((same) => ({
    resource: same[0]?.resource ?? "",
    name: same[0]?.name,
    verbs: unique(same.flatMap(({ verbs }) => verbs)),
  }));
  const rules = Map.groupBy(targets, ({ verbs, name }) => JSON.stringify([verbs, name]));
  return [...rules.values()].flatMap((rule) => [
    `  - apiGroups: ${list([group])}`,
    `    resources: ${list(unique(rule.map(({ resource }) => resource)))}`,
    ...(rule[0]?.name === undefined ? [] : [`    resourceNames: ${list([rule[0].name])}`]),
    `    verbs: ${list(rule[0]?.verbs ?? [])}`,
  ]);
}

function unique(words: readonly string[]): readonly string[] {
  return [...new Set(words)].sort();
}

function list(words: readonly string[]): string {
  return `[${words.map(scalar).join(", ")}]`;
}

/** Plain where no YAML parser can take it for anything but a text, quoted as in JSON otherwise. */
function scalar(text: string): string {
  const plain = /^[a-z][a-z0-9./-]*$/.test(text) && !/^(true|false|yes|no|on|off|y|n|null)$/.test(text);
  return plain ? text : JSON.stringify(text);
}
