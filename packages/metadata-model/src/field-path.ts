import { formatMap, sortedEntries } from "./format-map.ts";
import { group } from "./names.ts";
import type { PodMetadata } from "./pod-metadata.ts";
import type { Problem } from "./problem.ts";
import { isQualifiedName } from "./qualified-name.ts";

type Texts = Readonly<Record<string, string>>;

/** The value of a field as the JSON format shows it: whole maps as objects, lists as arrays. */
export type FieldValue = string | readonly string[] | Texts;

const fields = {
  "metadata.name": (pod) => pod.name,
  "metadata.namespace": (pod) => pod.namespace,
  "metadata.uid": (pod) => pod.uid,
  "metadata.labels": (pod) => pod.labels,
  "metadata.annotations": (pod) => mirrored(pod.annotations),
  "spec.nodeName": (pod) => pod.nodeName,
  "spec.serviceAccountName": (pod) => pod.serviceAccountName,
  "status.hostIP": (pod) => pod.hostIP,
  "status.hostIPs": (pod) => pod.hostIPs,
  "status.podIP": (pod) => pod.podIP,
  "status.podIPs": (pod) => pod.podIPs,
  "status.phase": (pod) => pod.phase,
  "status.conditions['Ready']": (pod) => pod.ready,
} satisfies Record<string, (pod: PodMetadata) => FieldValue>;

type Field = keyof typeof fields;

/** A parsed field path; `key` is there with a subscript, `metadata.labels['key']`, only. */
export type FieldPath =
  | { readonly field: Field; readonly key?: undefined }
  | { readonly field: "metadata.labels" | "metadata.annotations"; readonly key: string };

const isField = (text: string): text is Field => Object.hasOwn(fields, text);

/**
 * The field paths without a subscript: those that the kubelet takes in a volume or for env
 * (`pkg/apis/core/validation`), and as ours beyond them `status.phase` and `status.conditions['Ready']`.
 */
export const fieldPaths: readonly string[] = Object.keys(fields);

/** Our own annotations, which are never mirrored: each refresh would change them, and so make the next one. */
const own = `${group}/`;

/** It holds the whole manifest, env too: no whole map shows it, only its subscript. */
export const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

function mirrored(annotations: Texts): Texts {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => !key.startsWith(own) && key !== lastApplied));
}

/**
 * Reads a field path, as `pkg/fieldpath` does: one of `fieldPaths`, or `metadata.labels['key']` or
 * `metadata.annotations['key']` with a qualified name for key. An annotation's key may hold capitals in its prefix:
 * it's checked in lower case, and looked up as it is. Anything else is the problem `UnsupportedField`, a subscript of
 * an annotation of our own too.
 */
export function parseFieldPath(text: string): FieldPath | Problem {
  if (isField(text)) return { field: text };
  const subscript = /^(metadata\.(?:labels|annotations))\['(.*)'\]$/s.exec(text);
  const [, field, key = ""] = subscript ?? [];
  if (field === "metadata.labels" && isQualifiedName(key)) return { field, key };
  if (field === "metadata.annotations" && isQualifiedName(lowerCase(key))) {
    return key.startsWith(own) ? unsupported(text, `annotations of ${own} are never mirrored`) : { field, key };
  }
  return unsupported(
    text,
    field === undefined
      ? `must be one of ${fieldPaths.join(", ")}, or metadata.labels['<key>'] or metadata.annotations['<key>']`
      : "its key is not a qualified name, such as app or example.com/app",
  );
}

/** Go's `strings.ToLower`, which maps rune by rune: `İ` becomes `i`, where JavaScript adds a combining dot. */
function lowerCase(key: string): string {
  return key.replaceAll("\u0130", "i").toLowerCase();
}

function unsupported(text: string, why: string): Problem {
  return { reason: "UnsupportedField", message: `field path ${JSON.stringify(text)}: ${why}` };
}

function read(path: FieldPath, pod: PodMetadata): FieldValue {
  if (path.key === undefined) return fields[path.field](pod);
  const map = path.field === "metadata.labels" ? pod.labels : pod.annotations;
  return Object.hasOwn(map, path.key) ? (map[path.key] ?? "") : "";
}

/**
 * The field as the bytes of a file: what the kubelet writes for it in a downwardAPI volume, and for fields that only
 * env has what env holds (lists joined by `,`). What the pod doesn't have is "". Whole annotations are without ours
 * and `last-applied-configuration`.
 */
export function fieldText(path: FieldPath, pod: PodMetadata): string {
  const value = read(path, pod);
  if (typeof value === "string") return value;
  return isList(value) ? value.join(",") : formatMap(value);
}

/**
 * The field as a value: the same as `fieldText`, but lists as arrays and whole maps as objects, whose order of keys depends on
 * the keys alone.
 */
export function fieldValue(path: FieldPath, pod: PodMetadata): FieldValue {
  const value = read(path, pod);
  return typeof value === "string" || isList(value) ? value : Object.fromEntries(sortedEntries(value));
}

function isList(value: readonly string[] | Texts): value is readonly string[] {
  return Array.isArray(value);
}
