import { ApiError } from "./api-error.ts";
import { type Backoff, createBackoff } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { lines } from "./lines.ts";
import { list, queryOf, type Selection } from "./list.ts";
import { acceptOf } from "./media-type.ts";
import { describeResource, type Resource, resourcePath } from "./resource.ts";
import type { Transport } from "./transport.ts";
import { parseWatchLine } from "./watch-line.ts";

/**
 * What a watch tells, in kube-rs's five words. Between `init` and `initDone` comes the whole state anew, an `initApply` each; only at
 * `initDone` does it replace what was known, and **what was known and didn't come is deleted**. An `init` before the `initDone` begins
 * it all over. After that an `apply` for what was created or changed, and a `delete` with the last state.
 */
export type WatchEvent<T> =
  | { readonly type: "init" }
  | { readonly type: "initApply"; readonly object: T }
  | { readonly type: "initDone"; readonly resourceVersion: string }
  | { readonly type: "apply"; readonly object: T }
  | { readonly type: "delete"; readonly object: T };

/** The callbacks must not throw: what they throw is taken for a fault of the stream. */
export interface WatchOptions<T> extends Selection {
  /** Objects a page of the list, 500 by default. */
  readonly pageSize?: number;
  /** After how many milliseconds without a byte a stream is given up; 150,000 by default. Bookmarks come once a minute. */
  readonly stallMs?: number;
  /** What to keep of an object; called as it comes in, so that the rest is garbage at once. */
  readonly decode: (object: KubernetesObject) => T;
  /** Ends the watch; nothing else does. */
  readonly signal: AbortSignal;
  /** Each time the server proves to be there: a page, an opened stream, an event, a bookmark. */
  readonly onContact?: () => void;
  /** What went wrong, and after how many milliseconds it is tried again. */
  readonly onFault?: (fault: ApiError, retryInMs: number) => void;
  /** Where we were can't be resumed, and why: a new list comes next. */
  readonly onRelist?: (reason: ApiError) => void;
  /** `decode` threw for this object, which is passed over. */
  readonly onPoison?: (error: unknown, object: KubernetesObject) => void;
}

export interface WatchHost {
  readonly transport: Transport;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** A stream that ends sooner than this, in milliseconds, counts as a fault: else such a server would keep us busy. */
const shortestStreamMs = 1_000;
const defaultStallMs = 150_000;
const longestLineBytes = 64 * 1024 * 1024;

interface Session<T> extends WatchHost {
  readonly resource: Resource;
  readonly options: WatchOptions<T>;
  readonly backoff: Backoff;
  readonly path: string;
  /** For errors, as in `watch pods shop`. */
  readonly action: string;
  /** Where to resume from; undefined when there is nothing to resume, so that a list comes next. */
  resourceVersion: string | undefined;
  /** Whether the open stream has not brought a single line yet. */
  isSilent: boolean;
}

/**
 * Reflects one resource for ever, through every fault: lists it in pages, then watches, resumes from the last event or bookmark when
 * the stream ends, and lists anew when the server has forgotten that point. Waits faults out with a growing, jittered
 * pause (0.8 to 30 s, Retry-After honoured). One request at a time, and read no faster than the consumer takes.
 * Ends, cleanly, only when the signal aborts (or the client is disposed of); leaving the loop cuts the connection. Throws a TypeError
 * at once when a namespace is given for a resource without.
 * The rules are those of client-go's reflector (k8s.io/client-go/tools/cache/reflector.go).
 */
export async function* watch<T>(
  host: WatchHost,
  resource: Resource,
  options: WatchOptions<T>,
): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const { signal } = options;
  const backoff = createBackoff({ initialMs: 800, maxMs: 30_000, random: host.random });
  const path = resourcePath(resource, { namespace: options.namespace });
  const action = `watch ${describeResource(resource, options)}`;
  const session: Session<T> = {
    ...host,
    resource,
    options,
    backoff,
    path,
    action,
    resourceVersion: undefined,
    isSilent: false,
  };
  while (!signal.aborted) {
    try {
      if (session.resourceVersion === undefined) yield* replay(session);
      yield* follow(session);
    } catch (error) {
      const fault = ApiError.from(error, { action, signal });
      if (signal.aborted || fault.code === "canceled") return;
      if (session.resourceVersion !== undefined && isLost(session, fault)) {
        session.resourceVersion = undefined;
        options.onRelist?.(fault);
      }
      const pauseMs = backoff.next(fault.retryAfterMs);
      options.onFault?.(fault, pauseMs);
      await host.clock.sleep(pauseMs, signal);
    }
  }
}

/** The whole state, from a list in pages. */
async function* replay<T>(session: Session<T>): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const { transport, resource, options } = session;
  yield { type: "init" };
  let resourceVersion = "";
  for await (const page of list(transport, resource, { ...options, limit: options.pageSize ?? 500 })) {
    options.onContact?.();
    for (const object of page.items) {
      const event = decoded("initApply", object, options);
      if (event) yield event;
    }
    ({ resourceVersion } = page);
  }
  session.resourceVersion = resourceVersion;
  yield { type: "initDone", resourceVersion };
}

/** The changes from where we are, until the server ends the stream. Throws when it ends in any other way, or at once. */
async function* follow<T>(session: Session<T>): AsyncGenerator<WatchEvent<T>, void, undefined> {
  const { clock, options, backoff, action } = session;
  const openedAt = clock.monotonic();
  session.isSilent = false;
  const body = await open(session);
  session.isSilent = true;
  options.onContact?.();
  for await (const text of lines(body, longestLineBytes)) {
    session.isSilent = false;
    const line = parseWatchLine(text, action);
    options.onContact?.();
    backoff.reset();
    session.resourceVersion = line.resourceVersion;
    if (line.type === "BOOKMARK") continue;
    const event = decoded(line.type === "DELETED" ? "delete" : "apply", line.object, options);
    if (event) yield event;
  }
  const lastedMs = Math.round(clock.monotonic() - openedAt);
  if (lastedMs < shortestStreamMs) {
    throw new ApiError("unavailable", `${action}: the server ended the stream after ${lastedMs} ms`);
  }
  backoff.reset();
}

function open<T>(session: Session<T>): Promise<AsyncIterable<Buffer>> {
  const { transport, random, options, path, action, resourceVersion } = session;
  return transport.send({
    method: "GET",
    path,
    query: {
      ...queryOf(options),
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion,
      // spread, so that the streams of a thousand clients don't end in the same second
      timeoutSeconds: String(300 + Math.floor(random() * 301)),
    },
    headers: { accept: acceptOf("object", options.metadataOnly) },
    bodyTimeoutMs: options.stallMs ?? defaultStallMs,
    signal: options.signal,
    action,
  });
}

function decoded<T, const K extends "initApply" | "apply" | "delete">(
  type: K,
  object: KubernetesObject,
  { decode, onPoison }: WatchOptions<T>,
): { readonly type: K; readonly object: T } | undefined {
  try {
    return { type, object: decode(object) };
  } catch (error) {
    onPoison?.(error, object);
    return undefined;
  }
}

/**
 * Whether where we were means nothing to the server now: expired, or the resource was gone meanwhile, or ahead of the server, which has
 * lost data. Of the last a kube-apiserver says nothing (1.35: neither event nor bookmark nor error, for ever), so a stream that
 * brings not even a bookmark until it is given up counts as lost too.
 */
function isLost<T>({ isSilent }: Session<T>, { code, causes }: ApiError): boolean {
  const isAhead = causes.some(({ reason }) => reason === "ResourceVersionTooLarge") || (isSilent && code === "timeout");
  return isAhead || code === "gone" || code === "not-found" || code === "bad-request";
}
