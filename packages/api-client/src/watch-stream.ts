import { ApiError } from "./api-error.ts";
import type { Backoff } from "./backoff.ts";
import { inTurns } from "./body.ts";
import type { Cadence, ContactKind } from "./contact-bound.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { formOf, queryOf } from "./list.ts";
import { createListDeadline, type ListDeadline } from "./list-deadline.ts";
import { acceptOf } from "./media-type.ts";
import { createPatience } from "./patience.ts";
import type { MessageSchema } from "./protobuf/message.ts";
import type { Resource } from "./resource.ts";
import type { Answer } from "./transport.ts";
import { createWatchReader, type WatchLine, type WatchReader } from "./watch-line.ts";
import type { WatchEvent, WatchHost, WatchOptions } from "./watch-options.ts";

/** A watch as it goes on, from one stream to the next. */
export interface Session<T> extends WatchHost {
  readonly resource: Resource;
  readonly options: WatchOptions<T>;
  readonly backoff: Backoff;
  readonly cadence: Cadence;
  readonly path: string;
  /** For errors, as in `watch pods shop`. */
  readonly action: string;
  /** The options' own, until the server sent what it can't read. */
  wire: MessageSchema | undefined;
  /** Where to resume from; undefined when there is nothing to resume, so that the whole state comes next. */
  resourceVersion: string | undefined;
  /** Whether the open stream has not brought a single line yet. */
  isSilent: boolean;
  /** While a stream brings the whole state: what was deleted meanwhile, by namespace and name. */
  deleted: Map<string, WatchEvent<T>> | undefined;
}

/** A stream that ends sooner than this, in milliseconds, counts as a fault: else such a server would keep us busy. */
const shortestStreamMs = 1_000;

/** Says that what came before is the whole state: KEP-3157. */
const endAnnotation = "k8s.io/initial-events-end";

/** A stream of which the whole state is told at most so long after the last bytes, in milliseconds, or else never. */
const longestGapMs = 10_000;

/** A stream that the server has begun to answer, and how long it may take to tell the whole state where it's to. */
interface Opened {
  readonly answer: Answer;
  readonly deadline: ListDeadline;
}

/** Events that came together. */
export type Batches<T> = AsyncGenerator<readonly WatchEvent<T>[], void, undefined>;

/**
 * What one stream tells until the server ends it, what came in one chunk together: the changes from where we are or, where we are nowhere,
 * the whole state and then the changes. Throws when it ends in any other way, or at once, or before the state was whole.
 */
export async function* follow<T>(session: Session<T>, { answer, deadline }: Opened): Batches<T> {
  const { clock, options, backoff, cadence, action } = session;
  const openedAt = clock.monotonic();
  const boundMs = boundOf(session);
  const words = `${action}: bytes come, but for ${Math.round(boundMs / 1000)} s no whole event: the stream is given up`;
  const patience = createPatience({ clock, boundMs, tired: () => new ApiError("timeout", words) });
  session.isSilent = true;
  session.deleted = session.resourceVersion === undefined ? new Map() : undefined;
  cadence.opened();
  options.onContact?.(session.deleted === undefined ? "reply" : "part", boundMs);
  const reader = createWatchReader(answer.contentType, session.wire, action);
  for await (const lines of readings(reader, inTurns(patience.over(deadline.over(answer.body))))) {
    let events: WatchEvent<T>[] = [];
    try {
      for (const line of lines) {
        patience.renew();
        session.isSilent = false;
        // it says that we have all that was before it: that's to be so
        if (line.type === "BOOKMARK" && events.length > 0) {
          yield events;
          events = [];
        }
        if (line.type === "BOOKMARK") cadence.bookmark(clock.monotonic());
        options.onContact?.(contactOf(line, session), boundMs);
        events.push(...eventsOf(session, line));
      }
    } catch (error) {
      if (events.length > 0) yield events;
      throw error;
    }
    if (events.length > 0) yield events;
  }
  if (session.deleted !== undefined) {
    throw new ApiError("unavailable", `${action}: the server ended the stream before it had told the whole state`);
  }
  const lastedMs = Math.round(clock.monotonic() - openedAt);
  if (lastedMs < shortestStreamMs) {
    throw new ApiError("unavailable", `${action}: the server ended the stream after ${lastedMs} ms`);
  }
  backoff.reset();
}

/** The events of each chunk, and of what is left in the end. */
async function* readings(
  reader: WatchReader,
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Iterable<WatchLine>, void, undefined> {
  for await (const chunk of chunks) yield reader.read(chunk);
  yield reader.end();
}

/** What a line tells, and where we are after it. */
function eventsOf<T>(session: Session<T>, line: WatchLine): Iterable<WatchEvent<T>> {
  if (session.deleted !== undefined) return begin(session, session.deleted, line);
  session.backoff.reset();
  session.resourceVersion = line.resourceVersion;
  if (line.type === "BOOKMARK") return [];
  const event = decoded(line.type === "DELETED" ? "delete" : "apply", line.object, session.options);
  return event === undefined ? [] : [event];
}

function contactOf<T>({ type }: WatchLine, { deleted }: Session<T>): ContactKind {
  if (type === "BOOKMARK") return "bookmark";
  return deleted === undefined ? "event" : "part";
}

/** For how long the stream that is opened next may bring nothing whole, in milliseconds. */
export function boundOf<T>({ options, cadence }: Pick<Session<T>, "options" | "cadence">): number {
  return options.stallMs ?? cadence.boundMs;
}

/** What a line tells before the whole state is there: changes may come already, where the server's cache was behind when we asked. */
function* begin<T>(
  session: Session<T>,
  deleted: Map<string, WatchEvent<T>>,
  { type, object, resourceVersion }: WatchLine,
): Generator<WatchEvent<T>, void, undefined> {
  const { options, backoff, action } = session;
  if (type === "DELETED") {
    const event = decoded("delete", object, options);
    if (event) deleted.set(keyOf(object), event);
  } else if (type !== "BOOKMARK") {
    // there is hardly ever one, and of a first state all come by
    if (deleted.size > 0) deleted.delete(keyOf(object));
    const event = decoded("initApply", object, options);
    if (event) yield event;
  } else if (object.metadata.annotations?.[endAnnotation] !== "true") {
    // an API server before 1.27, or one that isn't Kubernetes' own, sends the objects all the same, but never says that they were all
    throw new ApiError("unavailable", `${action}: the server does not say where the state ends and the changes begin`);
  } else {
    session.deleted = undefined;
    session.resourceVersion = resourceVersion;
    backoff.reset();
    yield { type: "initDone", resourceVersion };
    yield* deleted.values();
  }
}

function keyOf({ metadata: { namespace, name } }: KubernetesObject): string {
  return `${namespace}/${name}`;
}

/**
 * Opens a stream from where we are or, where we are nowhere, one that begins with the whole state as of now, each object by itself, and
 * marks its end. A server that doesn't know that refuses it as `invalid` (1.26: "resourceVersionMatch is forbidden for watch").
 */
export async function open<T>(session: Session<T>): Promise<Opened> {
  const { clock, transport, random, options, wire, path, action, resourceVersion } = session;
  const boundMs = boundOf(session);
  const silentMs = options.stallMs ?? longestGapMs;
  const isMet = () => session.deleted === undefined;
  const deadline = createListDeadline({ clock, silentMs, wholeMs: boundMs, isMet, action });
  const answer = await transport.send({
    method: "GET",
    path,
    query: {
      ...queryOf(options),
      watch: "true",
      allowWatchBookmarks: "true",
      ...(resourceVersion === undefined
        ? { sendInitialEvents: "true", resourceVersionMatch: "NotOlderThan" }
        : { resourceVersion }),
      // spread, so that the streams of a thousand clients don't end in the same second
      timeoutSeconds: String(300 + Math.floor(random() * 301)),
    },
    headers: { accept: acceptOf("object", formOf({ ...options, wire })) },
    silentMs: boundMs,
    signal: AbortSignal.any([options.signal, deadline.signal]),
    action,
  });
  return { answer, deadline };
}

/** The event that tells of an object; undefined where `decode` threw, which is told. */
export function decoded<T, const K extends "initApply" | "apply" | "delete">(
  type: K,
  object: KubernetesObject,
  { decode, recall, onPoison }: WatchOptions<T>,
): { readonly type: K; readonly object: T } | undefined {
  try {
    return { type, object: recall?.(object.metadata) ?? decode(object) };
  } catch (error) {
    onPoison?.(error, object);
    return undefined;
  }
}
