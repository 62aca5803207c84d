import type { ApiGroup, ApiResources } from "../discovery/documents.ts";
import type { KubernetesObject } from "../kubernetes-object.ts";

/** metav1.RootPaths, of `/`: where the server answers. */
export interface PathsAnswer {
  readonly type: "paths";
  readonly paths: readonly string[];
}

/** metav1.APIVersions, of `/api`: the versions of the core group. */
export interface VersionsAnswer {
  readonly type: "versions";
  readonly versions: readonly string[];
}

/** metav1.APIGroupList, of `/apis`; or metav1.APIGroup, of `/apis/batch`, as the only one. */
export interface GroupsAnswer {
  readonly type: "groups";
  readonly groups: readonly ApiGroup[];
}

/** metav1.APIResourceList, of `/api/v1` and `/apis/batch/v1`. */
export interface ResourcesAnswer extends ApiResources {
  readonly type: "resources";
}

/** The objects of a resource, or a page of them, as of `/apis/batch/v1/jobs`. */
export interface ListAnswer {
  readonly type: "list";
  /** As in `batch/v1` and `JobList`. The items have none. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly items: readonly KubernetesObject[];
  /** Of the whole list. A watch can go on from here. Undefined for what is not stored, such as componentstatuses. */
  readonly resourceVersion: string | undefined;
  /** Undefined on the last page. */
  readonly continue: string | undefined;
  /** How many objects come after this page, where the server says: not for a selector. */
  readonly remaining: number | undefined;
}

export interface ObjectAnswer {
  readonly type: "object";
  readonly object: KubernetesObject;
}

/** Other JSON, as of `/version` and `/openapi/v3`. */
export interface DocumentAnswer {
  readonly type: "document";
  readonly document: unknown;
}

/** What is no JSON, as of `/healthz`, `/metrics` and a pod's log. */
export interface TextAnswer {
  readonly type: "text";
  readonly text: string;
}

/** What a server answers when it is read. */
export type Answer =
  | PathsAnswer
  | VersionsAnswer
  | GroupsAnswer
  | ResourcesAnswer
  | ListAnswer
  | ObjectAnswer
  | DocumentAnswer
  | TextAnswer;
