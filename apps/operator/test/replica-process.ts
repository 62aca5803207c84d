import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configMaps, pods } from "@metadata-mirror/api-client";
import { type AuditRule, kubeconfig } from "@metadata-mirror/control-plane";
import { expect } from "vitest";
import type { Sandbox } from "../src/demo/sandbox.ts";
import { type Audited, auditedRequests, writeVerbs } from "../src/testing/audit-log.ts";
import { type OperatorProcess, startProcess } from "./operator-process.ts";

/** Where the operator and its Leases are, and the name of its account there, as the manifests have it. */
export const operatorNamespace = "metadata-mirror";
const accountName = "metadata-mirror";

/** All that is written, and of what replicas write all that was sent and stored; and who watches what. */
export const audit: readonly AuditRule[] = [
  // what they ask about their rights stores nothing
  { level: "None", resources: [{ group: "authorization.k8s.io" }] },
  {
    level: "RequestResponse",
    verbs: writeVerbs,
    resources: [
      { group: "", resources: ["configmaps"] },
      { group: "coordination.k8s.io", resources: ["leases"] },
      { group: "metadatamirror.dev", resources: ["metadatamirrors", "metadatamirrors/status"] },
    ],
  },
  { level: "Metadata", verbs: [...writeVerbs, "watch"] },
];

type Cluster = Pick<Sandbox, "client" | "controlPlane">;

/** A replica as a process. */
export interface ReplicaProcess extends OperatorProcess {
  /** The name of its pod, by which the audit log knows it. */
  readonly pod: string;
}

/**
 * Starts an operator as its pod would, with a token that is bound to that pod, which is there too: so what it does is told in the audit log
 * with the name of the pod, as in any cluster.
 */
export async function startReplica(sandbox: Cluster, pod: string, args: readonly string[]): Promise<ReplicaProcess> {
  const { controlPlane } = sandbox;
  const token = await boundToken(sandbox, pod);
  const KUBECONFIG = join(controlPlane.directory, `${pod}.kubeconfig`);
  await writeFile(KUBECONFIG, kubeconfig({ server: controlPlane.server, ca: controlPlane.ca, token }, pod));
  const environment = { KUBECONFIG, POD_NAME: pod, POD_NAMESPACE: operatorNamespace };
  const started = startProcess(["run", "--health-port=0", ...args], environment);
  return { ...started, pod };
}

/** A token of the operator's account for a new pod of this name. */
async function boundToken({ client }: Cluster, pod: string): Promise<string> {
  const container = {
    name: "operator",
    image: "none",
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };
  const { metadata } = await client.create(pods, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace: operatorNamespace, name: pod },
    spec: {
      serviceAccountName: accountName,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [container],
    },
  });
  const answer = await client.request({
    method: "POST",
    path: `/api/v1/namespaces/${operatorNamespace}/serviceaccounts/${accountName}/token`,
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { boundObjectRef: { kind: "Pod", apiVersion: "v1", name: pod, uid: metadata.uid } },
    },
  });
  return (answer as { readonly status: { readonly token: string } }).status.token;
}

/** The audit log up to now: all that was answered before this was asked is in it. */
export async function auditLog({ client, controlPlane }: Cluster): Promise<readonly Audited[]> {
  const name = `mark-${randomUUID()}`;
  await client.create(configMaps, { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace: "default", name } });
  let log: readonly Audited[] = [];
  const isMarked = async () => {
    log = auditedRequests(await readFile(controlPlane.auditLogPath, "utf8"));
    return log.some((request) => request.name === name);
  };
  await expect.poll(isMarked, { timeout: 10_000 }).toBe(true);
  return log;
}
