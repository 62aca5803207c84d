/** A kind of object and where the API server keeps it. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Which object, or without a name which collection, of a resource. */
export interface ResourceRef {
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  /** As in `status`. */
  readonly subresource?: string | undefined;
}

/**
 * The path of an object, of a namespace's collection, or of the collection over all namespaces:
 * ```
 * resourcePath(pods)                                                   --> /api/v1/pods
 * resourcePath(pods, { namespace: "shop" })                            --> /api/v1/namespaces/shop/pods
 * resourcePath(pods, { namespace: "shop", name: "web", subresource: "status" }) --> /api/v1/namespaces/shop/pods/web/status
 * resourcePath(customResourceDefinitions, { name: "x.example.com" })   --> /apis/apiextensions.k8s.io/v1/…/x.example.com
 * ```
 * Throws a TypeError for a name that isn't one path segment, and when the namespace is missing or too many.
 */
export function resourcePath(resource: Resource, { namespace, name, subresource }: ResourceRef = {}): string {
  const { group, version, plural, namespaced } = resource;
  if (!namespaced && namespace !== undefined)
    throw new TypeError(`${plural} have no namespace, ${namespace} was given`);
  if (namespaced && namespace === undefined && name !== undefined) {
    throw new TypeError(`the namespace of ${plural} ${name} is missing`);
  }
  if (name === undefined && subresource !== undefined) throw new TypeError(`${subresource} of which ${plural}?`);
  const root = group === "" ? ["api", version] : ["apis", group, version];
  const segments = [
    ...root,
    ...(namespace === undefined ? [] : ["namespaces", namespace]),
    plural,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ];
  return segments.map((segment) => `/${encodeSegment(segment)}`).join("");
}

/** For messages: `configmaps shop/web-peers`, `pods/status shop/web-0`, `pods`. */
export function describeResource({ plural }: Resource, { namespace, name, subresource }: ResourceRef = {}): string {
  const where = [namespace, name].filter((part) => part !== undefined).join("/");
  return `${plural}${subresource === undefined ? "" : `/${subresource}`}${where === "" ? "" : ` ${where}`}`;
}

/** The rule is Kubernetes' own: IsValidPathSegmentName in k8s.io/apimachinery/pkg/api/validation/path/name.go. */
function encodeSegment(segment: string): string {
  if (segment === "" || segment === "." || segment === ".." || /[/%]/.test(segment)) {
    throw new TypeError(`"${segment}" can't be part of a path of the API`);
  }
  return encodeURIComponent(segment);
}

const core = { group: "", version: "v1" };

export const pods: Resource = { ...core, plural: "pods", kind: "Pod", namespaced: true };
export const nodes: Resource = { ...core, plural: "nodes", kind: "Node", namespaced: false };
export const namespaces: Resource = { ...core, plural: "namespaces", kind: "Namespace", namespaced: false };
export const configMaps: Resource = { ...core, plural: "configmaps", kind: "ConfigMap", namespaced: true };
export const events: Resource = {
  group: "events.k8s.io",
  version: "v1",
  plural: "events",
  kind: "Event",
  namespaced: true,
};
export const customResourceDefinitions: Resource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  kind: "CustomResourceDefinition",
  namespaced: false,
};
