import {
  type ApiClient,
  ApiError,
  describeResource,
  type KubernetesObject,
  type ObjectOptions,
  type ObjectRef,
  pods,
  type Resource,
} from "@metadata-mirror/api-client";

/** Something that was stored or went. */
interface FakeEvent {
  readonly type: "apply" | "remove";
  readonly resource: Resource;
  readonly object: KubernetesObject;
}

/** A refusal in the words of an API server. */
export interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: object;
}

/** The objects of an API server in memory, for unit tests: what it takes and refuses is what was seen of the real one. */
export interface FakeApi {
  readonly client: ApiClient;
  /** Every request in the order in which they came, as in `patch configmaps shop/web-peers`. */
  readonly requests: string[];
  /** Everything that was stored or went, in that order. */
  readonly events: FakeEvent[];
  readonly find: (resource: Resource, ref: ObjectRef) => KubernetesObject | undefined;
  readonly all: (resource: Resource) => KubernetesObject[];
  /** Stores the object whatever was there, as somebody else does. */
  readonly put: (resource: Resource, object: KubernetesObject) => KubernetesObject;
  /** Ends the object, as somebody else does. */
  readonly end: (resource: Resource, ref: ObjectRef) => void;
  /** Answers requests such as `patch configmaps shop/web-peers` with the refusal from now on; undefined takes it back. */
  readonly refuse: (request: string, refusal: Refusal | undefined) => void;
}

export function fakeApi(): FakeApi {
  const stored = new Map<string, { readonly resource: Resource; readonly object: KubernetesObject }>();
  const refusals = new Map<string, Refusal>();
  const requests: string[] = [];
  const events: FakeEvent[] = [];
  const keyOf = (resource: Resource, { namespace, name }: ObjectRef) => describeResource(resource, { namespace, name });

  function put(resource: Resource, object: KubernetesObject): KubernetesObject {
    const { namespace, name = "" } = object.metadata;
    const version = String(events.length + 1);
    const metadata = { uid: `uid-${version}`, ...object.metadata, resourceVersion: version };
    const entry = { resource, object: { ...object, metadata } };
    stored.set(keyOf(resource, { namespace, name }), entry);
    events.push({ type: "apply", ...entry });
    return entry.object;
  }

  function end(resource: Resource, ref: ObjectRef): void {
    const entry = stored.get(keyOf(resource, ref));
    if (entry === undefined) return;
    stored.delete(keyOf(resource, ref));
    const metadata = { ...entry.object.metadata, resourceVersion: String(events.length + 1) };
    events.push({ type: "remove", resource, object: { ...entry.object, metadata } });
  }

  /** Notes the request, and throws where it's to be refused. */
  function accept(verb: string, resource: Resource, ref: ObjectRef): string {
    const request = `${verb} ${describeResource(resource, ref)}`;
    requests.push(request);
    const refusal = refusals.get(request);
    if (refusal !== undefined) throw refused(request, refusal);
    return request;
  }

  function existing(request: string, resource: Resource, ref: ObjectRef): KubernetesObject {
    const entry = stored.get(keyOf(resource, ref));
    if (entry !== undefined) return entry.object;
    const message = `${resource.plural} "${ref.name}" not found`;
    throw refused(request, { code: 404, reason: "NotFound", message });
  }

  const client: ApiClient = {
    async get(resource, ref, options) {
      return shown(existing(accept("get", resource, ref), resource, ref), options);
    },
    async create(resource, object, options) {
      const { namespace, name = "" } = object.metadata;
      const request = accept("create", resource, { namespace, name });
      if (stored.has(keyOf(resource, { namespace, name }))) {
        const message = `${resource.plural} "${name}" already exists`;
        throw refused(request, { code: 409, reason: "AlreadyExists", message });
      }
      return shown(put(resource, sent(object)), options);
    },
    async replace(resource, object, options) {
      const { namespace, name = "", resourceVersion, uid } = object.metadata;
      const ref = { namespace, name };
      const request = accept("replace", resource, ref);
      const { metadata, ...before } = existing(request, resource, ref);
      const isOther = uid !== undefined && uid !== metadata.uid;
      if (isOther || resourceVersion !== metadata.resourceVersion) throw conflict(request, resource, ref);
      const { uid: same = "" } = metadata;
      const after = sent({ ...object, metadata: { ...object.metadata, uid: same } });
      const isSame = JSON.stringify(after) === JSON.stringify({ ...before, metadata });
      return shown(isSame ? { ...before, metadata } : put(resource, after), options);
    },
    async patch(resource, ref, patch, options) {
      const request = accept("patch", resource, ref);
      const before = existing(request, resource, ref);
      const { metadata = {}, status } = sent(patch) as PatchBody;
      const { resourceVersion = before.metadata.resourceVersion, uid = before.metadata.uid } = metadata;
      if (resourceVersion !== before.metadata.resourceVersion) throw conflict(request, resource, ref);
      if (uid !== before.metadata.uid) throw otherUid(request, resource, ref, uid);
      // the status subresource takes nothing but the status; of a pod the metadata too
      const statusBody = sent(resource === pods ? { metadata, status } : { status });
      const body = ref.subresource === "status" ? statusBody : sent(patch);
      const after = mergePatch(before, body) as KubernetesObject;
      // what changes nothing is taken, and stored no second time
      return shown(JSON.stringify(after) === JSON.stringify(before) ? before : put(resource, after), options);
    },
    async delete(resource, ref, { uid, resourceVersion } = {}) {
      const request = accept("delete", resource, ref);
      const { metadata } = existing(request, resource, ref);
      const isOther = uid !== undefined && uid !== metadata.uid;
      const isStale = resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion;
      if (isOther || isStale) throw conflict(request, resource, ref);
      end(resource, ref);
    },
    request: () => Promise.reject(new Error("the fake API server has no other requests")),
    list: () => notThere("list"),
    watch: () => notThere("watch"),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };

  return {
    client,
    requests,
    events,
    put,
    end,
    find: (resource, ref) => stored.get(keyOf(resource, ref))?.object,
    all: (resource) => [...stored.values()].filter((entry) => entry.resource === resource).map(({ object }) => object),
    refuse(request, refusal) {
      if (refusal === undefined) refusals.delete(request);
      else refusals.set(request, refusal);
    },
  };
}

interface PatchBody {
  readonly metadata?: { readonly resourceVersion?: string; readonly uid?: string };
  readonly status?: unknown;
}

/** The error that the client makes of the API server's answer. */
export function refused(action: string, refusal: Refusal): ApiError {
  return ApiError.from({ kind: "Status", ...refusal }, { action });
}

function conflict(action: string, { plural }: Resource, { name }: ObjectRef): ApiError {
  const message = `Operation cannot be fulfilled on ${plural} "${name}": the object has been modified; please apply your changes to the latest version and try again`;
  return refused(action, { code: 409, reason: "Conflict", message });
}

function otherUid(action: string, { kind }: Resource, { name }: ObjectRef, uid?: string): ApiError {
  const message = `${kind} "${name}" is invalid: metadata.uid: Invalid value: "${uid}": field is immutable`;
  return refused(action, { code: 422, reason: "Invalid", message });
}

function notThere(verb: string): never {
  throw new Error(`the fake API server can't ${verb}`);
}

/** What goes over the wire: JSON, and never the very same object. */
function sent<T>(body: T): T {
  return JSON.parse(JSON.stringify(body)) as T;
}

function shown(
  { metadata, ...rest }: KubernetesObject,
  { metadataOnly = false }: ObjectOptions = {},
): KubernetesObject {
  const partial = { apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadata", metadata };
  return sent(metadataOnly ? partial : { ...rest, metadata });
}

/** RFC 7386. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
