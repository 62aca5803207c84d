/** Something that we have to be allowed to do, in the words of RBAC. */
export interface Permission {
  /** The API group; "" is the core one. */
  readonly group: string;
  /** Plural, with the subresource if it's about one: `pods`, `pods/status`. */
  readonly resource: string;
  readonly verbs: readonly string[];
  /** Absent: in all namespaces, or of a resource that belongs to none. */
  readonly namespace?: string;
  /** Of one object only. */
  readonly name?: string;
  /** For people, what it is for: `where the fields come from`. */
  readonly reason: string;
}

/** What of an API client is needed to ask: an ApiClient of `@metadata-mirror/api-client` is one. */
export interface ReviewApi {
  /** The parsed body of the answer; rejects unless that is a 2xx. */
  request(options: {
    readonly method: "POST";
    readonly path: string;
    readonly body: unknown;
    readonly signal?: AbortSignal | undefined;
  }): Promise<unknown>;
}

/** A review is answered in about a millisecond. Each that is under way takes a connection, whose handshake costs more than that. */
const concurrency = 2;

const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/**
 * What of `wanted` we may not do, in its order, each with the verbs that are missing; empty when we may do it all. Asks the API server by
 * SelfSubjectAccessReview (authorization.k8s.io/v1), so whatever authorizes there counts, not RBAC alone. Rejects with an Error
 * where it can't be asked; that is never taken for a no.
 */
export async function missingPermissions(
  api: ReviewApi,
  wanted: readonly Permission[],
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<readonly Permission[]> {
  const denied = new Map<Permission, Set<string>>();
  // the workers share one generator: where one of them throws, it is closed for all
  const questions = questionsOf(wanted);
  const work = async (): Promise<void> => {
    for (const { permission, verb } of questions) {
      if (await isAllowed(api, permission, verb, signal)) continue;
      denied.set(permission, (denied.get(permission) ?? new Set()).add(verb));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return wanted.flatMap((permission) => {
    const verbs = permission.verbs.filter((verb) => denied.get(permission)?.has(verb));
    return verbs.length === 0 ? [] : [{ ...permission, verbs }];
  });
}

function* questionsOf(wanted: readonly Permission[]) {
  for (const permission of wanted) for (const verb of permission.verbs) yield { permission, verb };
}

async function isAllowed(
  api: ReviewApi,
  permission: Permission,
  verb: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { group, namespace, name } = permission;
  const [resource, subresource] = permission.resource.split("/");
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { group, resource, subresource, verb, namespace, name } },
  };
  const question = `cannot ask the API server whether we may ${describePermission({ ...permission, verbs: [verb] })}`;
  const answer = await api.request({ method: "POST", path, body, signal }).catch((cause: unknown) => {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${question}: ${words}`, { cause });
  });
  const { status } = (answer ?? {}) as { readonly status?: { readonly allowed?: unknown } };
  if (typeof status?.allowed !== "boolean") throw new Error(`${question}: its answer is no SelfSubjectAccessReview`);
  return status.allowed;
}

/** One line for people: `patch metadatamirrors.metadatamirror.dev/status in namespace shop`. */
export function describePermission({ verbs, resource, group, namespace, name }: Permission): string {
  const [plural = "", subresource] = resource.split("/");
  const what = [[plural, group].filter(Boolean).join("."), subresource].filter(Boolean).join("/");
  const which = name === undefined ? "" : ` named ${name}`;
  return `${verbs.join(", ")} ${what}${which} in ${namespace === undefined ? "the whole cluster" : `namespace ${namespace}`}`;
}
