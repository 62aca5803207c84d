import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * What of which requests the API server logs: the first rule that fits a request decides, and one that none fits is not logged. The rules
 * of `Policy` in audit.k8s.io/v1 (k8s.io/apiserver/pkg/apis/audit/v1/types.go).
 */
export interface AuditRule {
  readonly level: "None" | "Metadata" | "Request" | "RequestResponse";
  /** All by default, as of the others. */
  readonly verbs?: readonly string[];
  readonly users?: readonly string[];
  readonly namespaces?: readonly string[];
  /** A subresource as in `pods/status`. */
  readonly resources?: readonly { readonly group: string; readonly resources?: readonly string[] }[];
}

/** Where the log is: a line of JSON for each stage of a request, `Event` of audit.k8s.io/v1. */
export function auditLogPath(directory: string): string {
  return join(directory, "audit.log");
}

/** Writes the policy, and answers the flags by which the API server follows it. A request is logged once it has been answered; a watch when it begins, too. */
export async function auditArgs(directory: string, rules: readonly AuditRule[] | undefined): Promise<string[]> {
  if (rules === undefined) return [];
  const policy = join(directory, "audit-policy.json");
  const omitted = { omitStages: ["RequestReceived"], omitManagedFields: true };
  await writeFile(policy, JSON.stringify({ apiVersion: "audit.k8s.io/v1", kind: "Policy", ...omitted, rules }));
  // in MB: one file, whatever is logged
  return [
    `--audit-policy-file=${policy}`,
    `--audit-log-path=${auditLogPath(directory)}`,
    "--audit-log-maxsize=1000000",
  ];
}
