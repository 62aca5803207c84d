import type { ApiError } from "@metadata-mirror/api-client";
import { immutableTarget, type WriteProblem } from "@metadata-mirror/metadata-model";

/**
 * What a refused write means for the mirror, or undefined where it is only a passing fault that another try will mend.
 * `configMap` was to be written by `verb`.
 */
export function writeProblem(
  error: ApiError,
  verb: "create" | "update" | "patch" | "delete",
  configMap: string,
): WriteProblem | undefined {
  const problem = (reason: WriteProblem["reason"], message: string): WriteProblem => ({ reason, configMap, message });
  if (error.code === "forbidden") return refused(error, verb, problem);
  // only a new mirror or a new ConfigMap can change these answers: the same write is never tried again
  if (error.code === "invalid" && error.message.includes("field is immutable")) {
    return immutableTarget(configMap);
  }
  if (error.code === "invalid" || error.code === "too-large" || error.code === "bad-request") {
    return problem("Rejected", `the API server does not take it: ${error.message}`);
  }
  return undefined;
}

/** The three kinds of 403: RBAC or admission, a quota, a namespace that is going away. */
function refused(
  error: ApiError,
  verb: string,
  problem: (reason: WriteProblem["reason"], message: string) => WriteProblem,
): WriteProblem {
  const terminating = error.causes.some((cause) => cause.reason === "NamespaceTerminating");
  if (terminating || error.message.includes("is being terminated")) {
    return problem("NamespaceTerminating", "its namespace is being deleted, so nothing is written any more");
  }
  if (error.message.includes("exceeded quota")) {
    return problem("QuotaExceeded", `a quota of the namespace is used up, tried again: ${error.message}`);
  }
  return problem(
    "Forbidden",
    `the operator may not ${verb} it, give it the right to ${verb} configmaps: ${error.message}`,
  );
}
