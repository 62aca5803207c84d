import type { Credentials } from "@metadata-mirror/auth";
import { ApiError } from "./api-error.ts";
import { readJson, readText } from "./body.ts";
import { type Clock, systemClock, systemRandom } from "./clock.ts";
import { groupVersion } from "./discovery/discovery.ts";
import { isKubernetesObject, type KubernetesObject } from "./kubernetes-object.ts";
import { type ListOptions, type ListPage, list } from "./list.ts";
import { acceptOf, json, type PatchType, patchMediaType, protobuf } from "./media-type.ts";
import { encodeEnvelope } from "./protobuf/encode.ts";
import type { MessageSchema } from "./protobuf/message.ts";
import { describeResource, type Resource, type ResourceRef, resourcePath } from "./resource.ts";
import { createTransport, type Method } from "./transport.ts";
import { defaultUserAgent } from "./user-agent.ts";
import { watch } from "./watch.ts";
import type { WatchEvent, WatchOptions } from "./watch-options.ts";

/** One object by name; the namespace where the resource has them. */
export interface ObjectRef extends ResourceRef {
  readonly name: string;
}

/** A request in the API's own terms, for what the verbs below don't cover. */
export interface RequestOptions {
  /** GET by default. */
  readonly method?: Method;
  /** From the server's root, encoded: `/version`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON, or as it is where it's a Buffer. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  /** `text`: the body as it is, for what is no JSON. Parsed by default. */
  readonly as?: "json" | "text";
  readonly signal?: AbortSignal | undefined;
}

export interface ObjectOptions {
  /** PartialObjectMetadata as the answer, instead of the whole object. */
  readonly metadataOnly?: boolean;
  readonly signal?: AbortSignal;
}

interface ManagedOptions extends ObjectOptions {
  readonly fieldManager?: string;
}

/** Of what sends a whole object. */
export interface WriteOptions extends ManagedOptions {
  /**
   * What to send of the object in protobuf, which costs the server less. The rest of it isn't sent. A server that takes none of this resource
   * (415) gets JSON, now and from then on.
   */
  readonly wire?: MessageSchema;
}

export interface PatchOptions extends ManagedOptions {
  /** `merge` by default. */
  readonly type?: PatchType;
  /** With `apply`: take fields over from other managers. */
  readonly force?: boolean;
}

export interface DeleteOptions {
  /** Preconditions: another object of that name, or another state of it, is a `conflict`. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagationPolicy?: "Background" | "Foreground" | "Orphan";
  /** How long a pod may take to end; 0 deletes it at once. Its own by default. */
  readonly gracePeriodSeconds?: number;
  readonly signal?: AbortSignal;
}

/** A client of one API server. Every failure is an ApiError whose message names verb, resource, namespace and name. */
export interface ApiClient extends AsyncDisposable {
  /** The body of the answer, parsed; or with `as: "text"` a string. */
  request(options: RequestOptions): Promise<unknown>;
  get(resource: Resource, ref: ObjectRef, options?: ObjectOptions): Promise<KubernetesObject>;
  /** In pages: see `ListPage`. */
  list(resource: Resource, options?: ListOptions): AsyncIterable<ListPage>;
  /** The namespace is the object's own. */
  create(resource: Resource, object: KubernetesObject, options?: WriteOptions): Promise<KubernetesObject>;
  /** Puts the whole object in the place of the one of its name: what isn't in it is gone. With a resourceVersion only that version of it. */
  replace(resource: Resource, object: KubernetesObject, options?: WriteOptions): Promise<KubernetesObject>;
  patch(resource: Resource, ref: ObjectRef, patch: unknown, options?: PatchOptions): Promise<KubernetesObject>;
  /** Resolves when the server has accepted it; with finalizers the object may still be there. */
  delete(resource: Resource, ref: ObjectRef, options?: DeleteOptions): Promise<void>;
  /** For ever, through every fault: see `WatchEvent` and `WatchOptions`. */
  watch<T>(resource: Resource, options: WatchOptions<T>): AsyncIterable<WatchEvent<T>>;
}

export interface ConnectOptions {
  readonly clock?: Clock;
  /** A number in [0, 1). */
  readonly random?: () => number;
  readonly userAgent?: string;
  /**
   * For how long the server may be silent before an answer and in its midst, in milliseconds; 30 s by default. In its midst a watch
   * has a bound of its own.
   */
  readonly answerTimeoutMs?: number;
}

/** A client for these credentials. Connects when it is first used; dispose of it to close its connections. */
export function connect(credentials: Credentials, options: ConnectOptions = {}): ApiClient {
  const { clock = systemClock, random = systemRandom, userAgent = defaultUserAgent, answerTimeoutMs } = options;
  const transport = createTransport(credentials, { clock, userAgent, answerTimeoutMs });

  /** Resources of which the server takes no protobuf. */
  const jsonOnly = new Set<Resource>();

  async function call(request: RequestOptions, action: string): Promise<unknown> {
    const { method = "GET", path, query = {}, body, contentType = json, accept = json, signal } = request;
    const { body: answer } = await transport.send({
      method,
      path,
      query,
      headers: body === undefined ? { accept } : { accept, "content-type": contentType },
      ...(body === undefined ? {} : { body: Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
      signal,
      action,
    });
    const context = { action, signal };
    return request.as === "text" ? readText(answer, context) : readJson(answer, context);
  }

  async function callForObject(request: RequestOptions, action: string): Promise<KubernetesObject> {
    const answer = await call(request, action);
    if (!isKubernetesObject(answer)) throw new ApiError("unknown", `${action}: the answer is no Kubernetes object`);
    return answer;
  }

  /** Sends a whole object to `ref`, which is its own or that of its collection. */
  async function write(
    method: "POST" | "PUT",
    resource: Resource,
    ref: ResourceRef,
    object: KubernetesObject,
    { metadataOnly, fieldManager, wire, signal }: WriteOptions,
    action: string,
  ): Promise<KubernetesObject> {
    const request = {
      method,
      path: resourcePath(resource, ref),
      query: { fieldManager },
      body: object,
      accept: acceptOf("object", { metadataOnly }),
      signal,
    };
    if (wire === undefined || jsonOnly.has(resource)) return callForObject(request, action);
    const typeMeta = { apiVersion: groupVersion(resource.group, resource.version), kind: resource.kind };
    const body = encodeEnvelope(wire, typeMeta, object);
    try {
      return await callForObject({ ...request, body, contentType: protobuf }, action);
    } catch (error) {
      if (ApiError.from(error).status !== 415) throw error;
      jsonOnly.add(resource);
      return callForObject(request, action);
    }
  }

  return {
    request: (request) => call(request, `${request.method ?? "GET"} ${request.path}`),
    async get(resource, ref, { metadataOnly, signal } = {}) {
      const request = { path: resourcePath(resource, ref), accept: acceptOf("object", { metadataOnly }), signal };
      return callForObject(request, `get ${describeResource(resource, ref)}`);
    },
    list: (resource, listOptions) => list(transport, resource, listOptions),
    async create(resource, object, options = {}) {
      const { namespace, name = object.metadata.generateName } = object.metadata;
      if (resource.namespaced && !namespace) throw new TypeError(`${resource.kind} ${name} needs a metadata.namespace`);
      const action = `create ${describeResource(resource, { namespace, name })}`;
      return write("POST", resource, { namespace }, object, options, action);
    },
    async replace(resource, object, options = {}) {
      const { namespace, name } = object.metadata;
      if (name === undefined) throw new TypeError(`${resource.kind} needs a metadata.name`);
      const ref = { namespace, name };
      return write("PUT", resource, ref, object, options, `replace ${describeResource(resource, ref)}`);
    },
    async patch(resource, ref, patch, { type = "merge", metadataOnly, fieldManager, force, signal } = {}) {
      const request = {
        method: "PATCH",
        path: resourcePath(resource, ref),
        query: { fieldManager, force: force === undefined ? undefined : String(force) },
        body: patch,
        contentType: patchMediaType[type],
        accept: acceptOf("object", { metadataOnly }),
        signal,
      } as const;
      return callForObject(request, `patch ${describeResource(resource, ref)}`);
    },
    async delete(resource, ref, { uid, resourceVersion, propagationPolicy, gracePeriodSeconds, signal } = {}) {
      const body = {
        apiVersion: "v1",
        kind: "DeleteOptions",
        preconditions: { uid, resourceVersion },
        propagationPolicy,
        gracePeriodSeconds,
      };
      const path = resourcePath(resource, ref);
      await call({ method: "DELETE", path, body, signal }, `delete ${describeResource(resource, ref)}`);
    },
    watch: (resource, watchOptions) => watch({ transport, clock, random }, resource, watchOptions),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}
