import { ApiError } from "./api-error.ts";
import { createBackoff } from "./backoff.ts";
import { oneByOne } from "./batches.ts";
import { createCadence } from "./contact-bound.ts";
import { list } from "./list.ts";
import { WireError } from "./protobuf/wire.ts";
import { describeResource, type Resource, resourcePath } from "./resource.ts";
import type { WatchEvent, WatchHost, WatchOptions } from "./watch-options.ts";
import { type Batches, boundOf, decoded, follow, open, type Session } from "./watch-stream.ts";

/** A server to which where we were means nothing, and again within this time, in milliseconds, is asked less and less often. */
const forgivenAfterMs = 30_000;

/** A session, and how it gets the whole state. */
interface Watch<T> extends Session<T> {
  /** In pages: the server doesn't send it as a stream, or broke off when it did. */
  paged: boolean;
}

/**
 * Reflects one resource for ever, through every fault: has the server stream the whole state and then what changes, resumes from the last
 * event or bookmark when the stream ends, and begins anew when the server has forgotten that point. Where the server can't stream the
 * state, or has once failed to, it is listed in pages, and then watched. Waits faults out with a growing, jittered pause (0.8 to 30 s,
 * Retry-After honoured). One request at a time, and read no faster than the consumer takes. What can't be read as protobuf is a fault,
 * after which it asks for JSON. Ends, cleanly, only when the signal aborts (or the client is disposed of); leaving the loop cuts the
 * connection. Throws a TypeError at once when a namespace is given for a resource without.
 * The rules are those of client-go's reflector (k8s.io/client-go/tools/cache/reflector.go).
 */
export function watch<T>(
  host: WatchHost,
  resource: Resource,
  options: WatchOptions<T>,
): AsyncIterableIterator<WatchEvent<T>, void> {
  return oneByOne(inBatches(host, resource, options));
}

async function* inBatches<T>(host: WatchHost, resource: Resource, options: WatchOptions<T>): Batches<T> {
  const { signal } = options;
  const backoff = createBackoff({ initialMs: 800, maxMs: 30_000, random: host.random });
  const path = resourcePath(resource, { namespace: options.namespace });
  const action = `watch ${describeResource(resource, options)}`;
  const session: Watch<T> = {
    ...host,
    resource,
    options,
    backoff,
    cadence: createCadence(),
    path,
    action,
    wire: options.wire,
    resourceVersion: undefined,
    isSilent: false,
    deleted: undefined,
    paged: false,
  };
  let lostAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    session.isSilent = false;
    session.deleted = undefined;
    try {
      if (session.resourceVersion === undefined) yield* replay(session);
      else yield* follow(session, await open(session));
    } catch (error) {
      const fault = ApiError.from(error, { action, signal });
      if (signal.aborted || fault.code === "canceled") return;
      if (session.resourceVersion !== undefined && isLost(session, fault)) {
        session.resourceVersion = undefined;
        options.onRelist?.(fault);
        // that's no fault that gets worse: the server is there again, as after a restart, unless we are lost again and again
        const now = host.clock.monotonic();
        if (now - lostAt > forgivenAfterMs) backoff.reset();
        lostAt = now;
      }
      if (fault.cause instanceof WireError) session.wire = undefined;
      else if (session.deleted !== undefined) session.paged = true;
      const pauseMs = backoff.next(fault.retryAfterMs);
      options.onFault?.(fault, pauseMs);
      await host.clock.sleep(pauseMs, signal);
    }
  }
}

/** The whole state, and where a stream brings it what follows in that. */
async function* replay<T>(session: Watch<T>): Batches<T> {
  yield [{ type: "init" }];
  const opened = session.paged ? undefined : await openUnlessRefused(session);
  yield* opened === undefined ? pages(session) : follow(session, opened);
}

async function openUnlessRefused<T>(session: Watch<T>) {
  try {
    return await open(session);
  } catch (error) {
    if (!(error instanceof ApiError && (error.code === "invalid" || error.code === "bad-request"))) throw error;
    session.paged = true;
    return undefined;
  }
}

async function* pages<T>(session: Watch<T>): Batches<T> {
  const { transport, resource, options, wire } = session;
  let resourceVersion = "";
  for await (const page of list(transport, resource, { ...options, wire, limit: options.pageSize ?? 500 })) {
    options.onContact?.("part", boundOf(session));
    yield page.items.flatMap((object) => decoded("initApply", object, options) ?? []);
    ({ resourceVersion } = page);
  }
  session.resourceVersion = resourceVersion;
  options.onContact?.("page", boundOf(session));
  yield [{ type: "initDone", resourceVersion }];
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
