import type { DiscoveredGroup, DiscoveredVersion, Discovery, UnavailableVersion } from "./discovery.ts";
import { entriesOf, type Fields, fieldsOf, isFields, textOf } from "./fields.ts";
import { nestResources } from "./resources.ts";
import { json } from "../media-type.ts";

const versions = ["v2", "v2beta1"];

/** As client-go's acceptDiscoveryFormats: a server takes the first that it knows, if only plain JSON. */
export const aggregatedAccept = [
  ...versions.map((version) => `${json};g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`),
  json,
].join(",");

/**
 * What an APIGroupDiscoveryList says (k8s.io/api/apidiscovery/v2/types.go; v2beta1 has the same fields); undefined for what is
 * another document. As client-go's SplitGroupsAndResources has it, a stale version is unavailable, whatever is remembered of it.
 */
export function readAggregated(document: unknown): Discovery | undefined {
  if (!isFields(document) || document["kind"] !== "APIGroupDiscoveryList") return undefined;
  if (!versions.some((version) => document["apiVersion"] === `apidiscovery.k8s.io/${version}`)) return undefined;
  const groups: DiscoveredGroup[] = [];
  const unavailable: UnavailableVersion[] = [];
  for (const item of entriesOf(document["items"])) {
    const group = textOf(fieldsOf(item["metadata"])["name"]);
    const current: DiscoveredVersion[] = [];
    for (const entry of entriesOf(item["versions"])) {
      const version = textOf(entry["version"]);
      if (entry["freshness"] === "Stale") unavailable.push({ group, version, reason: staleReason(group, version) });
      else
        current.push({
          version,
          resources: nestResources(entriesOf(entry["resources"]).flatMap(flat), group, version),
        });
    }
    if (current.length > 0) groups.push({ name: group, versions: current });
  }
  return { groups, unavailable };
}

function staleReason(group: string, version: string): string {
  return `what serves it gave the API server no answer: see "kubectl get apiservice ${version}.${group}"`;
}

/** An APIResourceDiscovery as entries of a metav1.APIResourceList: its own, and one for each subresource. */
function flat(resource: Fields): readonly Fields[] {
  const { resource: plural, singularResource, scope, verbs, shortNames, categories, responseKind } = resource;
  const namespaced = scope === "Namespaced";
  const subresources = entriesOf(resource["subresources"]).map((entry) => ({
    ...fieldsOf(entry["responseKind"]),
    name: `${textOf(plural)}/${textOf(entry["subresource"])}`,
    namespaced,
    verbs: entry["verbs"],
  }));
  const { kind } = fieldsOf(responseKind);
  return [
    { name: plural, singularName: singularResource, namespaced, kind, verbs, shortNames, categories },
    ...subresources,
  ];
}
