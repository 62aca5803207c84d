import type { DiscoveredResource } from "./discovery.ts";
import { entriesOf, type Fields, fieldsOf, isFields, textOf, textsOf } from "./fields.ts";
import { nestResources } from "./resources.ts";

// The documents that every server has, those that people read with curl: k8s.io/apimachinery/pkg/apis/meta/v1/types.go. Each reader
// gives undefined for what is another document.

/** metav1.APIGroup: a group, and which versions of it there are. */
export interface ApiGroup {
  /** Empty for the core group. */
  readonly name: string;
  /** The preferred one first, then as the server ranks them. */
  readonly versions: readonly string[];
}

/** metav1.APIResourceList: what a version of a group has. */
export interface ApiResources {
  readonly group: string;
  readonly version: string;
  /** By plural, each with its subresources. */
  readonly resources: readonly DiscoveredResource[];
}

/** metav1.APIVersions, of `/api`: the versions of the core group. */
export function readVersions(document: unknown): readonly string[] | undefined {
  return isFields(document) && document["kind"] === "APIVersions" ? textsOf(document["versions"]) : undefined;
}

/** metav1.APIGroupList, of `/apis`. */
export function readGroups(document: unknown): readonly ApiGroup[] | undefined {
  if (!isFields(document) || document["kind"] !== "APIGroupList") return undefined;
  return entriesOf(document["groups"]).map(groupOf);
}

/** metav1.APIGroup, of `/apis/batch`. */
export function readGroup(document: unknown): ApiGroup | undefined {
  return isFields(document) && document["kind"] === "APIGroup" ? groupOf(document) : undefined;
}

/** metav1.APIResourceList, of `/apis/batch/v1`. */
export function readResources(document: unknown): ApiResources | undefined {
  if (!isFields(document) || document["kind"] !== "APIResourceList") return undefined;
  const [version = "", group = ""] = textOf(document["groupVersion"]).split("/").toReversed();
  return { group, version, resources: nestResources(entriesOf(document["resources"]), group, version) };
}

function groupOf(document: Fields): ApiGroup {
  const preferred = textOf(fieldsOf(document["preferredVersion"])["version"]);
  const versions = entriesOf(document["versions"]).map(({ version }) => textOf(version));
  return {
    name: textOf(document["name"]),
    // stable: the others stay as the server ranks them
    versions: versions.toSorted((left, right) => Number(right === preferred) - Number(left === preferred)),
  };
}
