import type { Answer, ListAnswer, ResourcesAnswer } from "./answer.ts";
import { collectionOf } from "./path.ts";
import { type DiscoveredResource, groupVersionPath } from "../discovery/discovery.ts";
import { fieldsOf, textOf } from "../discovery/fields.ts";

/**
 * The paths below an answer to `path`, as far as the answer tells of them. What one has to choose is in braces, `{namespace}` and `{name}`,
 * as Kubernetes' OpenAPI documents write it. An object doesn't tell what is below it: that is in the resources of its version.
 */
export function linksOf(path: string, answer: Answer): readonly string[] {
  switch (answer.type) {
    case "paths":
      // some are there twice, once with a slash at the end
      return [...new Set(answer.paths.map((each) => each.replace(/(?<=.)\/$/, "")))];
    case "versions":
      return answer.versions.map((version) => groupVersionPath("", version));
    case "groups":
      return answer.groups.flatMap(({ name, versions }) => versions.map((version) => groupVersionPath(name, version)));
    case "resources":
      return resourceLinks(answer);
    case "list":
      return objectLinks(path, answer);
    case "document":
      return openApiLinks(answer.document);
    case "object":
    case "text":
      return [];
  }
}

function resourceLinks({ group, version, resources }: ResourcesAnswer): readonly string[] {
  const root = groupVersionPath(group, version);
  return resources.flatMap(({ plural, namespaced, verbs, subresources }) => {
    const all = `${root}/${plural}`;
    const within = namespaced ? `${root}/namespaces/{namespace}/${plural}` : all;
    const object = `${within}/{name}`;
    return [
      ...(verbs.includes("list") ? new Set([all, within]) : []),
      ...(verbs.includes("get") ? [object] : []),
      ...subresources.filter(isDocument).map(({ name }) => `${object}/${name}`),
    ];
  });
}

/** What takes GET for an upgrade to a stream, and is nothing to read. */
const streams = ["PodAttachOptions", "PodExecOptions", "PodPortForwardOptions"];

function isDocument({ kind, verbs }: DiscoveredResource["subresources"][number]): boolean {
  return verbs.includes("get") && !streams.includes(kind);
}

function objectLinks(path: string, { items }: ListAnswer): readonly string[] {
  const collection = collectionOf(path);
  if (collection === undefined) return [];
  const { root, plural } = collection;
  return items.flatMap(({ metadata: { namespace, name } }) => {
    if (name === undefined) return [];
    const segments = [...(namespace === undefined ? [] : ["namespaces", namespace]), plural, name];
    return [root + segments.map((segment) => `/${encodeURIComponent(segment)}`).join("")];
  });
}

/** Of `/openapi/v3`, the index of the API's schemas: k8s.io/kube-openapi/pkg/handler3. */
function openApiLinks(document: unknown): readonly string[] {
  const entries = Object.values(fieldsOf(fieldsOf(document)["paths"]));
  return entries.map((entry) => textOf(fieldsOf(entry)["serverRelativeURL"])).filter((path) => path !== "");
}
