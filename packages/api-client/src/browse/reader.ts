import type { Answer, ListAnswer, ObjectAnswer, PathsAnswer } from "./answer.ts";
import { readGroup, readGroups, readResources, readVersions } from "../discovery/documents.ts";
import { fieldsOf, textOf, textsOf } from "../discovery/fields.ts";
import { isKubernetesObject } from "../kubernetes-object.ts";

/**
 * Which answer the body of a response is. The body alone decides, not its content type: `/openapi/v3` comes as text/plain and is JSON. JSON
 * that is neither object nor array is text, as a log may be that says `42`.
 */
export function readAnswer(text: string): Answer {
  const document = parse(text);
  if (typeof document !== "object" || document === null) return { type: "text", text };
  return (
    readDiscovery(document) ??
    readPaths(document) ??
    readList(document) ??
    readObject(document) ?? { type: "document", document }
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readDiscovery(document: object): Answer | undefined {
  const versions = readVersions(document);
  if (versions) return { type: "versions", versions };
  const group = readGroup(document);
  const groups = group ? [group] : readGroups(document);
  if (groups) return { type: "groups", groups };
  const resources = readResources(document);
  return resources && { type: "resources", ...resources };
}

/** The only one of these documents that does not say what it is. */
function readPaths(document: object): PathsAnswer | undefined {
  if (!("paths" in document) || !Array.isArray(document.paths) || Object.keys(document).length > 1) return undefined;
  return { type: "paths", paths: textsOf(document.paths) };
}

/** By its kind, as Kubernetes names them; an object may be of such a kind too (a CustomResourceDefinition's AllowList), but has a name. */
function readList(document: object): ListAnswer | undefined {
  if (!isKubernetesObject(document) || !textOf(document.kind).endsWith("List")) return undefined;
  const { apiVersion, kind, metadata, items: some } = document;
  // Go's encoding of an empty list may be null
  const items: readonly unknown[] | undefined = some === null ? [] : Array.isArray(some) ? some : undefined;
  if (metadata.name !== undefined || !items?.every(isKubernetesObject)) return undefined;
  const fields = fieldsOf(metadata);
  const remaining = fields["remainingItemCount"];
  return {
    type: "list",
    apiVersion: textOf(apiVersion),
    kind: textOf(kind),
    items,
    resourceVersion: textOf(fields["resourceVersion"]) || undefined,
    continue: textOf(fields["continue"]) || undefined,
    remaining: typeof remaining === "number" ? remaining : undefined,
  };
}

/** Whatever is read as an object has a name. */
function readObject(document: object): ObjectAnswer | undefined {
  if (!isKubernetesObject(document) || textOf(document.kind) === "" || textOf(document.metadata.name) === "")
    return undefined;
  return { type: "object", object: document };
}
