import type { KubernetesObject } from "@metadata-mirror/api-client";

/** A request that was answered, as the API server's audit log tells of it. */
export interface Audited {
  /** The pod that the token of a service account is bound to; the name of the user, whose token is bound to none. */
  readonly by: string;
  readonly verb: string;
  /** As in `configmaps` and `metadatamirrors/status`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  /** The HTTP status. */
  readonly status: number;
  /** When the API server had the request, in milliseconds since 1970. */
  readonly receivedAt: number;
  /** What was sent, and what was stored by it; only where the policy has it logged. */
  readonly sent: Body | undefined;
  readonly stored: Body | undefined;
}

/** An object, a part of one, or the options of a deletion. */
type Body = Partial<KubernetesObject> & { readonly preconditions?: { readonly resourceVersion?: string } };

/** Event of audit.k8s.io/v1, what we read of it. */
interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly user: { readonly username: string; readonly extra?: Readonly<Record<string, readonly string[]>> };
  readonly objectRef?: {
    readonly resource: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly requestReceivedTimestamp: string;
  readonly requestObject?: Body;
  readonly responseObject?: Body;
}

/** By this the API server says which pod a token is bound to: PodNameKey of k8s.io/apiserver/pkg/authentication/serviceaccount. */
const podNameKey = "authentication.kubernetes.io/pod-name";

/** The requests of an audit log that were answered, in the order in which they were; a line that is being written is left out. */
export function auditedRequests(log: string): readonly Audited[] {
  const whole = log.slice(0, log.lastIndexOf("\n") + 1);
  return whole.split("\n").flatMap((line) => (line === "" ? [] : audited(JSON.parse(line) as AuditEvent)));
}

function audited(event: AuditEvent): readonly Audited[] {
  const { stage, verb, user, objectRef, responseStatus, requestReceivedTimestamp, requestObject, responseObject } =
    event;
  // of a watch it's the beginning that tells
  if (stage !== (verb === "watch" ? "ResponseStarted" : "ResponseComplete") || objectRef === undefined) return [];
  const { resource, subresource, namespace = "", name = "" } = objectRef;
  return [
    {
      by: user.extra?.[podNameKey]?.[0] ?? user.username,
      verb,
      resource: subresource === undefined ? resource : `${resource}/${subresource}`,
      namespace,
      name,
      status: responseStatus?.code ?? 0,
      receivedAt: Date.parse(requestReceivedTimestamp),
      sent: requestObject,
      stored: responseObject,
    },
  ];
}

/** The verbs of what asks for a change. */
export const writeVerbs: readonly string[] = ["create", "update", "patch", "delete", "deletecollection"];

/** Whether the request asked for a change. */
export function isWrite({ verb }: Audited): boolean {
  return writeVerbs.includes(verb);
}

/** Whether the API server did what it was asked for. */
export function isTaken({ status }: Audited): boolean {
  return status >= 200 && status < 300;
}
