import { ApiError } from "./api-error.ts";
import { readJson } from "./json-body.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { acceptOf } from "./media-type.ts";
import { describeResource, type Resource, resourcePath } from "./resource.ts";
import type { Transport } from "./transport.ts";

/** Which objects of a resource, and how much of them. Without a namespace those of all. */
export interface Selection {
  readonly namespace?: string;
  /** As in `app=web,tier!=cache`. */
  readonly labelSelector?: string;
  /** As in `status.phase!=Succeeded`. */
  readonly fieldSelector?: string;
  /** PartialObjectMetadata instead of whole objects. */
  readonly metadataOnly?: boolean;
}

export interface ListOptions extends Selection {
  /** Objects a page, 500 by default. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

export interface ListPage {
  readonly items: readonly KubernetesObject[];
  /** Of the whole list, which is one moment's: the same on each page. A watch can go on from here. */
  readonly resourceVersion: string;
}

/**
 * The objects in pages, the most recent state, each page asked for only when the one before has been dealt with. Throws an ApiError:
 * `gone` when that took so long (five minutes and more) that the server has forgotten the moment the list is of.
 */
export async function* list(
  transport: Transport,
  resource: Resource,
  { limit = 500, signal, ...selection }: ListOptions = {},
): AsyncGenerator<ListPage, void, undefined> {
  const context = { action: `list ${describeResource(resource, selection)}`, signal };
  let next: string | undefined;
  do {
    const body = await transport.send({
      method: "GET",
      path: resourcePath(resource, { namespace: selection.namespace }),
      query: { ...queryOf(selection), limit: String(limit), continue: next },
      headers: { accept: acceptOf("list", selection.metadataOnly) },
      ...context,
    });
    const page = await readJson(body, context);
    if (!isPage(page)) throw new ApiError("unknown", `${context.action}: the answer is no list`);
    yield { items: page.items ?? [], resourceVersion: page.metadata.resourceVersion };
    next = page.metadata.continue || undefined;
  } while (next !== undefined);
}

/** The query parameters that lists and watches share. */
export function queryOf({ labelSelector, fieldSelector }: Selection): Readonly<Record<string, string | undefined>> {
  return { labelSelector, fieldSelector };
}

interface Page {
  /** Go's encoding of an empty list may be null. */
  readonly items: readonly KubernetesObject[] | null;
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
}

function isPage(value: unknown): value is Page {
  const { items, metadata } = (value ?? {}) as Partial<Page>;
  return (Array.isArray(items) || items === null) && typeof metadata?.resourceVersion === "string";
}
