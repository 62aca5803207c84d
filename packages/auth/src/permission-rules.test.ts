import { expect, test } from "vitest";
import { explainMissing } from "./permission-rules.ts";
import type { Permission } from "./permissions.ts";

const source = { group: "", resource: "pods", verbs: ["watch", "list"], reason: "the source" };
const result = { group: "", resource: "configmaps", verbs: ["patch", "create"], reason: "the result" };
const status = { group: "example.dev", resource: "mirrors/status", verbs: ["patch"], reason: "conditions" };

/** The text after the list. */
function rulesOf(missing: readonly Permission[]): string {
  const text = explainMissing(missing, "mirror");
  return text.slice(text.indexOf("apiVersion:"));
}

test("nothing is missing, nothing is said", () => {
  expect(explainMissing([], "mirror")).toBe("");
});

test("what is missing in the whole cluster comes with a ClusterRole, in one text that is YAML", () => {
  expect(explainMissing([source, status], "mirror-missing")).toBe(`# These permissions are missing:
# - watch, list pods in the whole cluster: the source
# - patch mirrors.example.dev/status in the whole cluster: conditions
# The rules below grant them: bind each role to the account that is used, or add its rules to one that is bound already.
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: mirror-missing
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [list, watch]
  - apiGroups: [example.dev]
    resources: [mirrors/status]
    verbs: [patch]
`);
});

test("each namespace has a Role of its own, beside the ClusterRole of what belongs to none", () => {
  const nodes = { ...source, resource: "nodes" };
  expect(
    rulesOf([{ ...source, namespace: "shop" }, nodes, { ...result, namespace: "shop-eu" }]),
  ).toBe(`apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: mirror
  namespace: shop
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: mirror
rules:
  - apiGroups: [""]
    resources: [nodes]
    verbs: [list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: mirror
  namespace: shop-eu
rules:
  - apiGroups: [""]
    resources: [configmaps]
    verbs: [create, patch]
`);
});

/** The rules as lines, without the head of the ClusterRole. */
function lines(missing: readonly Permission[]): string[] {
  const text = rulesOf(missing);
  return text
    .slice(text.indexOf("rules:\n") + 7)
    .trimEnd()
    .split("\n");
}

test("resources of a group with the same verbs are one rule, in whichever order the verbs come", () => {
  const services = { ...source, resource: "services", verbs: ["list", "watch"] };
  expect(lines([source, services, result])).toEqual([
    '  - apiGroups: [""]',
    "    resources: [pods, services]",
    "    verbs: [list, watch]",
    '  - apiGroups: [""]',
    "    resources: [configmaps]",
    "    verbs: [create, patch]",
  ]);
});

test("a resource that is wanted twice has the verbs of both, each once", () => {
  expect(lines([source, { ...source, verbs: ["get", "list"] }])).toEqual([
    '  - apiGroups: [""]',
    "    resources: [pods]",
    "    verbs: [get, list, watch]",
  ]);
});

test("one object's rule names it, and doesn't mix with that of all", () => {
  const lease = { group: "coordination.k8s.io", resource: "leases", verbs: ["get"], reason: "election" };
  expect(lines([lease, { ...lease, name: "mirror" }])).toEqual([
    "  - apiGroups: [coordination.k8s.io]",
    "    resources: [leases]",
    "    verbs: [get]",
    "  - apiGroups: [coordination.k8s.io]",
    "    resources: [leases]",
    "    resourceNames: [mirror]",
    "    verbs: [get]",
  ]);
});

test("what a YAML parser could take for something else is quoted", () => {
  const text = rulesOf([{ group: "*", resource: "on", verbs: ["*"], namespace: "123", name: "system:x", reason: "" }]);
  expect(text).toContain('  namespace: "123"\n');
  expect(text).toContain('apiGroups: ["*"]');
  expect(text).toContain('resources: ["on"]');
  expect(text).toContain('resourceNames: ["system:x"]');
});
