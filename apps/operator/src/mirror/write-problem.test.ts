import type { WriteProblem } from "@metadata-mirror/metadata-model";
import { describe, expect, test } from "vitest";
import { type Refusal, refused } from "../testing/fake-api.ts";
import { writeProblem } from "./write-problem.ts";

/** Answers of a kube-apiserver 1.35, in its own words, cut where they go on. */
const answers = {
  quota: {
    code: 403,
    reason: "Forbidden",
    message:
      'configmaps "a" is forbidden: exceeded quota: few, requested: count/configmaps=1, used: count/configmaps=0, limited: count/configmaps=0',
  },
  terminating: {
    code: 403,
    reason: "Forbidden",
    message:
      'configmaps "a" is forbidden: unable to create new content in namespace leaving because it is being terminated',
    details: {
      causes: [
        {
          reason: "NamespaceTerminating",
          message: "namespace leaving is being terminated",
          field: "metadata.namespace",
        },
      ],
    },
  },
  rbac: {
    code: 403,
    reason: "Forbidden",
    message:
      'configmaps is forbidden: User "bob" cannot create resource "configmaps" in API group "" in the namespace "default"',
  },
  policy: {
    code: 403,
    reason: "Forbidden",
    message:
      "configmaps \"a\" is forbidden: ValidatingAdmissionPolicy 'no-cm' with binding 'no-cm' denied request: labelled ConfigMaps only",
    details: { causes: [{ message: "denied request: labelled ConfigMaps only" }] },
  },
  immutable: {
    code: 422,
    reason: "Invalid",
    message: 'ConfigMap "im" is invalid: data: Forbidden: field is immutable when `immutable` is set',
    details: {
      causes: [
        {
          reason: "FieldValueForbidden",
          message: "Forbidden: field is immutable when `immutable` is set",
          field: "data",
        },
      ],
    },
  },
  badKey: {
    code: 422,
    reason: "Invalid",
    message:
      'ConfigMap "immutable-peers" is invalid: data[a/b]: Invalid value: "a/b": a valid config key must consist of',
  },
  tooLong: {
    code: 422,
    reason: "Invalid",
    message: 'ConfigMap "a" is invalid: []: Too long: may not be more than 1048576 bytes',
  },
  tooLarge: {
    code: 413,
    reason: "RequestEntityTooLarge",
    message: "Request entity too large: limit is 3145728",
  },
  webhook: {
    code: 400,
    reason: "BadRequest",
    message: 'admission webhook "guard.example.com" denied the request: not today',
  },
  stale: {
    code: 409,
    reason: "Conflict",
    message:
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
  },
  absent: { code: 404, reason: "NotFound", message: 'configmaps "zz" not found' },
  noNamespace: { code: 404, reason: "NotFound", message: 'namespaces "nowhere" not found' },
  exists: { code: 409, reason: "AlreadyExists", message: 'configmaps "a" already exists' },
  tooMany: { code: 429, reason: "TooManyRequests", message: "the server has received too many requests" },
  etcd: { code: 500, reason: "InternalError", message: "etcdserver: mvcc: database space exceeded" },
  away: { code: 503, reason: "ServiceUnavailable", message: "the server is currently unable to handle the request" },
  unauthorized: { code: 401, reason: "Unauthorized", message: "Unauthorized" },
} satisfies Record<string, Refusal>;

type Answer = keyof typeof answers;

function problem(answer: Answer, verb: "create" | "patch" | "delete" = "create"): WriteProblem | undefined {
  return writeProblem(refused(`${verb} configmaps shop/a`, answers[answer]), verb, "a");
}

describe("an answer that a person should know of is a problem of the mirror", () => {
  test.each<[Answer, WriteProblem["reason"]]>([
    ["quota", "QuotaExceeded"],
    ["terminating", "NamespaceTerminating"],
    ["rbac", "Forbidden"],
    ["policy", "Forbidden"],
    ["immutable", "TargetImmutable"],
    ["badKey", "Rejected"],
    ["tooLong", "Rejected"],
    ["tooLarge", "Rejected"],
    ["webhook", "Rejected"],
  ])("%s is %s", (answer, reason) => {
    expect(problem(answer)).toMatchObject({ reason, configMap: "a" });
  });
});

describe("an answer that another try mends is none", () => {
  test.each<[Answer]>([
    ["stale"],
    ["absent"],
    ["noNamespace"],
    ["exists"],
    ["tooMany"],
    ["etcd"],
    ["away"],
    ["unauthorized"],
  ])("%s", (answer) => {
    expect(problem(answer)).toBeUndefined();
  });
});

test("a namespace that is going away is known by its cause, whatever the words, and by the words without a cause", () => {
  const { details: _, ...words } = answers.terminating;
  for (const answer of [words, { ...answers.terminating, message: "no" }]) {
    const found = writeProblem(refused("create configmaps shop/a", answer), "create", "a");
    expect(found?.reason).toBe("NamespaceTerminating");
  }
});

test("the message of a refusal says what the operator may not do, what to do about it, and the server's own words", () => {
  expect(problem("rbac", "patch")?.message).toBe(
    `the operator may not patch it, give it the right to patch configmaps: [forbidden] patch configmaps shop/a: ${answers.rbac.message} (HTTP 403)`,
  );
});

test.each<[Answer, string]>([
  ["quota", "exceeded quota: few"],
  ["tooLong", "may not be more than 1048576 bytes"],
  ["webhook", "not today"],
])("the message of %s holds the server's own words: %s", (answer, words) => {
  expect(problem(answer)?.message).toContain(words);
});
