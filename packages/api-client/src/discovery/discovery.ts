import type { Resource } from "../resource.ts";

/** What is below an object of a resource, as in `deployments/scale`. */
export interface DiscoveredSubresource {
  /** As in `scale`. */
  readonly name: string;
  /** Of what it takes and answers, as in `autoscaling/v1`. */
  readonly apiVersion: string;
  /** As in `Scale`; empty where that is no object. */
  readonly kind: string;
  readonly verbs: readonly string[];
}

/**
 * A resource as the server tells of it: metav1.APIResource. Where only its subresources are served (custom.metrics.k8s.io has such)
 * the kind is empty and there are no verbs.
 */
export interface DiscoveredResource extends Resource {
  /** As in `deployment`. Of a server that doesn't say, the kind in lower case. */
  readonly singular: string;
  /** As in `list`. */
  readonly verbs: readonly string[];
  /** As in `deploy`. */
  readonly shortNames: readonly string[];
  /** As in `all`. */
  readonly categories: readonly string[];
  /** By name. */
  readonly subresources: readonly DiscoveredSubresource[];
}

export interface DiscoveredVersion {
  /** As in `v1beta1`. */
  readonly version: string;
  /** By plural. */
  readonly resources: readonly DiscoveredResource[];
}

export interface DiscoveredGroup {
  /** Empty for the core group. */
  readonly name: string;
  /** The preferred one first, then as the server ranks them. At least one. */
  readonly versions: readonly DiscoveredVersion[];
}

/** A version of a group that the server has and could not tell about, most often since what serves it is down. */
export interface UnavailableVersion {
  readonly group: string;
  readonly version: string;
  /** In words for a person. */
  readonly reason: string;
}

/** All that a server's API has. */
export interface Discovery {
  /** The core group first, then as the server ranks them. A group of which no version could be read is not among them. */
  readonly groups: readonly DiscoveredGroup[];
  readonly unavailable: readonly UnavailableVersion[];
}

/** As in `batch/v1`, or `v1` for the core group. */
export function groupVersion(group: string, version: string): string {
  return group === "" ? version : `${group}/${version}`;
}

/** As in `/apis/batch/v1`, or `/api/v1` for the core group. */
export function groupVersionPath(group: string, version: string): string {
  const segments = group === "" ? ["api", version] : ["apis", group, version];
  return segments.map((segment) => `/${encodeURIComponent(segment)}`).join("");
}
