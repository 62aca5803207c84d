import { ApiError } from "./api-error.ts";
import { isKubernetesObject, type KubernetesObject } from "./kubernetes-object.ts";

/** One line of a watch, parsed: metav1.WatchEvent, but for errors. */
export interface WatchLine {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK";
  readonly object: KubernetesObject;
  /** Where to resume from, once this has been dealt with. */
  readonly resourceVersion: string;
}

/**
 * Reads one line of a watch. Throws the ApiError that an ERROR event stands for, and `unavailable` for what is no event: a line that
 * was cut off, or comes from a proxy, is never passed over in silence. Of its content nothing is repeated, which may be secret.
 */
export function parseWatchLine(line: string, action: string): WatchLine {
  const { type, object } = parse(line, action);
  if (type === "ERROR") throw ApiError.from(object, { action });
  if (type !== "ADDED" && type !== "MODIFIED" && type !== "DELETED" && type !== "BOOKMARK") throw unreadable(action);
  if (!isKubernetesObject(object) || !object.metadata.resourceVersion) throw unreadable(action);
  return { type, object, resourceVersion: object.metadata.resourceVersion };
}

function parse(line: string, action: string): { readonly type?: unknown; readonly object?: unknown } {
  try {
    return (JSON.parse(line) ?? {}) as object;
  } catch {
    // the SyntaxError would quote the line
    throw unreadable(action);
  }
}

function unreadable(action: string): ApiError {
  return new ApiError("unavailable", `${action}: the stream is cut or garbled: a line of it is no watch event`);
}
