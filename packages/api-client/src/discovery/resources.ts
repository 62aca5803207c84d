import { type DiscoveredResource, type DiscoveredSubresource, groupVersion } from "./discovery.ts";
import { type Fields, textOf, textsOf } from "./fields.ts";

/**
 * The resources of a group's version from its entries: metav1.APIResource of k8s.io/apimachinery/pkg/apis/meta/v1/types.go, where a
 * subresource is an entry of its own, named `deployments/scale`. An entry without a name is left out.
 */
export function nestResources(
  entries: readonly Fields[],
  group: string,
  version: string,
): readonly DiscoveredResource[] {
  const resources = new Map<string, DiscoveredResource>();
  const subresources = new Map<string, DiscoveredSubresource[]>();
  for (const entry of entries) {
    const [plural = "", ...below] = textOf(entry["name"]).split("/");
    if (plural === "") continue;
    const served = { group, version, plural, namespaced: entry["namespaced"] === true };
    if (below.length === 0) {
      resources.set(plural, resourceFrom(entry, served));
    } else {
      // what isn't served itself may have no entry
      if (!resources.has(plural)) resources.set(plural, resourceFrom({}, served));
      const subresource = subresourceFrom(entry, below.join("/"), groupVersion(group, version));
      subresources.set(plural, [...(subresources.get(plural) ?? []), subresource]);
    }
  }
  return [...resources.values()]
    .map((resource) => ({ ...resource, subresources: sorted(subresources.get(resource.plural)) }))
    .toSorted(byName(({ plural }) => plural));
}

type Served = Pick<DiscoveredResource, "group" | "version" | "plural" | "namespaced">;

function resourceFrom(entry: Fields, served: Served): DiscoveredResource {
  const kind = textOf(entry["kind"]);
  return {
    ...served,
    kind,
    singular: textOf(entry["singularName"]) || kind.toLowerCase(),
    verbs: textsOf(entry["verbs"]),
    shortNames: textsOf(entry["shortNames"]),
    categories: textsOf(entry["categories"]),
    subresources: [],
  };
}

/** Without a version of its own, an entry has that of the list that it is in. */
function subresourceFrom(entry: Fields, name: string, listed: string): DiscoveredSubresource {
  const version = textOf(entry["version"]);
  return {
    name,
    apiVersion: version === "" ? listed : groupVersion(textOf(entry["group"]), version),
    kind: textOf(entry["kind"]),
    verbs: textsOf(entry["verbs"]),
  };
}

function sorted(subresources: readonly DiscoveredSubresource[] = []): readonly DiscoveredSubresource[] {
  return subresources.toSorted(byName(({ name }) => name));
}

/** By the code units of a name: the same everywhere. */
function byName<T>(nameOf: (item: T) => string): (left: T, right: T) => number {
  return (left, right) => (nameOf(left) < nameOf(right) ? -1 : Number(nameOf(left) > nameOf(right)));
}
