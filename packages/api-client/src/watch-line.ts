import { ApiError } from "./api-error.ts";
import { isKubernetesObject, type KubernetesObject } from "./kubernetes-object.ts";
import { createLineCutter } from "./lines.ts";
import { largestObjectBytes } from "./list.ts";
import { isProtobuf } from "./media-type.ts";
import type { MessageSchema } from "./protobuf/message.ts";
import { createCutter } from "./protobuf/pieces.ts";
import { decodeWatchFrame, frameLength } from "./protobuf/watch-frame.ts";

/** One event of a watch, parsed: metav1.WatchEvent, but for errors. */
export interface WatchLine {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: KubernetesObject;
  /** Where to resume from, once this has been dealt with. */
  readonly resourceVersion: string;
}

/** Reads the events of a watch from its bytes as they come. */
export interface WatchReader {
  /** The events that the chunk ends, each read when it is asked for. All are to be taken before the next chunk. */
  readonly read: (chunk: Buffer) => Iterable<WatchLine>;
  /** No more bytes come: what is left. */
  readonly end: () => Iterable<WatchLine>;
}

/**
 * Reads the events of a watch in the order in which they come, from JSON or, read by `wire`, from protobuf: what `contentType` says it is.
 * Throws what `parseWatchLine` throws, for protobuf with the WireError as its cause, and `too-large`.
 */
export function createWatchReader(contentType: string, wire: MessageSchema | undefined, action: string): WatchReader {
  if (wire !== undefined && isProtobuf(contentType)) {
    const { cut, end } = createCutter(frameLength, { maxBytes: largestObjectBytes, action });
    return {
      *read(chunk) {
        for (const frame of cut(chunk)) yield parseWatchFrame(wire, frame, action);
      },
      end() {
        end();
        return [];
      },
    };
  }
  const { cut, end } = createLineCutter(largestObjectBytes);
  return {
    *read(chunk) {
      for (const line of cut(chunk)) yield parseWatchLine(line, action);
    },
    end: () => end().map((line) => parseWatchLine(line, action)),
  };
}

/**
 * Reads one line of a watch. Throws the ApiError that an ERROR event stands for, and `unavailable` for what is no event: a line that
 * was cut off, or comes from a proxy, is never passed over in silence. Of its content nothing is repeated, which may be secret.
 */
export function parseWatchLine(line: string, action: string): WatchLine {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    // the SyntaxError would quote the line
    throw unreadable(action);
  }
  return watchLine(event, action);
}

/** Reads one frame of a watch, as `parseWatchLine` does a line. */
function parseWatchFrame(wire: MessageSchema, frame: Buffer, action: string): WatchLine {
  let event: unknown;
  try {
    event = decodeWatchFrame(wire, frame);
  } catch (cause) {
    throw unreadable(action, { cause });
  }
  return watchLine(event, action);
}

function watchLine(event: unknown, action: string): WatchLine {
  const { type, object } = (event ?? {}) as { readonly type?: unknown; readonly object?: unknown };
  if (type === "ERROR") throw ApiError.from(object, { action });
  if (type !== "ADDED" && type !== "MODIFIED" && type !== "DELETED" && type !== "BOOKMARK") throw unreadable(action);
  if (!isKubernetesObject(object) || !object.metadata.resourceVersion) throw unreadable(action);
  return { type, object, resourceVersion: object.metadata.resourceVersion };
}

function unreadable(action: string, details: { readonly cause?: unknown } = {}): ApiError {
  const words = "the stream is cut or garbled: a part of it is no watch event";
  return new ApiError("unavailable", `${action}: ${words}`, details);
}
