import { configMaps, events, nodes, pods, type Resource } from "@metadata-mirror/api-client";
import { explainMissing, missingPermissions, type Permission, type ReviewApi } from "@metadata-mirror/auth";
import type { Logger } from "pino";
import type { OperatorConfig } from "./config.ts";
import { metadataGrants, metadataMirrors } from "./mirror/resources.ts";
import { leases } from "./runtime/lease.ts";

type Scope = Pick<OperatorConfig, "namespaces" | "leases">;

/** What the operator does nothing without, in each of the namespaces, or in all where that is undefined; and in that of its Leases. `deploy` grants it. */
export function neededPermissions({ namespaces, leases: lease }: Scope): readonly Permission[] {
  const ofLeases = lease === undefined ? [] : [{ ...leasing, namespace: lease.namespace }];
  if (namespaces === undefined) return [...needed, ...ofLeases];
  return [
    ...namespaces.flatMap((namespace) => needed.map((permission) => ({ ...permission, namespace }))),
    ...ofLeases,
  ];
}

/** Permissions that the operator can do without. */
interface OptionalPermissions {
  readonly permissions: readonly Permission[];
  /** What comes of their absence. */
  readonly without: string;
}

/** What the operator can do without, in each of the namespaces, or in all where that is undefined. `deploy/refresh` grants the second. */
export function optionalPermissions(namespaces: readonly string[] | undefined): readonly OptionalPermissions[] {
  const readNodes = { ...of(nodes), verbs: ["list", "watch"], reason: "what an unset limit stands for" };
  const refresh = { ...of(pods, "/status"), verbs: ["patch"], reason: "to have consumers refreshed at once" };
  return [
    { permissions: [readNodes], without: "nodes can't be read, limits that are unset are left out" },
    {
      permissions: namespaces?.map((namespace) => ({ ...refresh, namespace })) ?? [refresh],
      without: "pods can't be refreshed, with refreshPolicy Immediate files follow when the kubelet syncs",
    },
  ];
}

const needed: readonly Permission[] = [
  { ...of(metadataMirrors), verbs: ["list", "watch"], reason: "what to do" },
  { ...of(metadataGrants), verbs: ["list", "watch"], reason: "what may be shown to other namespaces" },
  { ...of(metadataMirrors, "/status"), verbs: ["patch"], reason: "conditions and counts" },
  { ...of(pods), verbs: ["list", "watch"], reason: "where the fields come from" },
  { ...of(configMaps), verbs: ["get", "list", "watch", "create", "update", "patch", "delete"], reason: "the result" },
  { ...of(events), verbs: ["create"], reason: "an Event each time that a condition turns" },
];

const leasing: Permission = {
  ...of(leases),
  verbs: ["get", "list", "watch", "create", "patch", "delete"],
  reason: "which replica keeps which mirrors",
};

function of({ group, plural }: Resource, subresource = ""): { readonly group: string; readonly resource: string } {
  return { group, resource: plural + subresource };
}

export interface PermissionReport {
  readonly api: ReviewApi;
  readonly config: Scope;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** The name of the roles that are proposed: not that of `deploy`, which applying them would replace. */
const roleName = "metadata-mirror-missing";

/**
 * Logs what the operator may not do, all of it in one entry, with the RBAC rules to add. Never rejects: nothing waits for it, since
 * what lacks a permission is tried again until it is granted.
 */
export async function reportPermissions({ api, config, log, signal }: PermissionReport): Promise<void> {
  try {
    const missing = await missingPermissions(api, neededPermissions(config), { signal });
    if (missing.length > 0)
      log.error(
        { rules: explainMissing(missing, roleName) },
        "permissions are missing, what needs them is tried again until it is granted",
      );
    for (const { permissions, without } of optionalPermissions(config.namespaces)) {
      const lacking = await missingPermissions(api, permissions, { signal });
      if (lacking.length > 0) log.info({ rules: explainMissing(lacking, roleName) }, without);
    }
  } catch (error) {
    if (signal.aborted) return;
    log.warn({ fault: error instanceof Error ? error.message : String(error) }, "what we may do can't be told");
  }
}
