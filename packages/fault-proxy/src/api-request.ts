/**
 * What a request is about: a list that is streamed (KEP-3157), a watch from a version on, a page of a list, one object that is read, or something
 * that is written.
 */
export type RequestKind = "streamed list" | "watch" | "page" | "read" | "write";

/** A request as the API server understands it. */
export interface ApiRequest {
  /** The plural: `pods`; "" for what is no resource, such as `/version`. */
  readonly resource: string;
  readonly kind: RequestKind;
  /** Of pages: whether it isn't the first. */
  readonly continues: boolean;
}

/** Reads method and target, such as `GET /api/v1/namespaces/shop/pods?watch=true`. */
export function apiRequestOf(method: string, target: string): ApiRequest {
  const { pathname, searchParams } = new URL(target, "http://server");
  const { resource, name } = placeOf(pathname);
  return { resource, kind: kindOf(method, name, searchParams), continues: searchParams.has("continue") };
}

function kindOf(method: string, name: string | undefined, query: URLSearchParams): RequestKind {
  if (method !== "GET" && method !== "HEAD") return "write";
  if (query.get("watch") === "true") return query.get("sendInitialEvents") === "true" ? "streamed list" : "watch";
  return name === undefined ? "page" : "read";
}

/** `/api/<version>/…` or `/apis/<group>/<version>/…`, with `namespaces/<namespace>` before the plural where there is one. */
function placeOf(pathname: string): { readonly resource: string; readonly name: string | undefined } {
  const [root, ...rest] = pathname.split("/").slice(1);
  const place = rest.slice(root === "api" ? 1 : 2);
  const [resource, name] = place[0] === "namespaces" && place.length > 2 ? place.slice(2) : place;
  return (root === "api" || root === "apis") && resource ? { resource, name } : { resource: "", name: pathname };
}

/** Which requests: those of a resource, and of a kind, or all. */
export interface Where {
  /** The plural, such as `pods`. */
  readonly resource?: string;
  readonly kinds?: readonly RequestKind[];
}

/** Whether the request is among them. */
export function isAt({ resource, kinds }: Where, request: ApiRequest): boolean {
  return (resource ?? request.resource) === request.resource && (kinds?.includes(request.kind) ?? true);
}
