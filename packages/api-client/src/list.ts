import { ApiError, type ApiErrorContext } from "./api-error.ts";
import { readJson } from "./body.ts";
import type { KubernetesObject } from "./kubernetes-object.ts";
import { acceptOf, isProtobuf } from "./media-type.ts";
import { readListPage } from "./protobuf/list-page.ts";
import type { MessageSchema } from "./protobuf/message.ts";
import { WireError } from "./protobuf/wire.ts";
import { describeResource, type Resource, resourcePath } from "./resource.ts";
import type { Answer, Transport } from "./transport.ts";

/** Which objects of a resource, and how much of them. Without a namespace those of all. */
export interface Selection {
  readonly namespace?: string;
  /** As in `app=web,tier!=cache`. */
  readonly labelSelector?: string;
  /** As in `status.phase!=Succeeded`. */
  readonly fieldSelector?: string;
  /** PartialObjectMetadata instead of whole objects. */
  readonly metadataOnly?: boolean;
  /**
   * What to read of each object, where the server has it in protobuf: the rest is passed over unparsed, and the object has these fields
   * alone, in the shape of their JSON. It must have `metadata.resourceVersion`. Without it, and of a server without, it's JSON, and whole.
   */
  readonly wire?: MessageSchema | undefined;
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

/** No object is larger: etcd takes 1.5 MiB, the API server 3 MiB. */
export const largestObjectBytes = 64 * 1024 * 1024;

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
    const answer = await transport.send({
      method: "GET",
      path: resourcePath(resource, { namespace: selection.namespace }),
      query: { ...queryOf(selection), limit: String(limit), continue: next },
      headers: { accept: acceptOf("list", formOf(selection)) },
      ...context,
    });
    const page = await readPage(answer, selection.wire, context);
    if (!isPage(page)) throw new ApiError("unknown", `${context.action}: the answer is no list`);
    yield { items: page.items ?? [], resourceVersion: page.metadata.resourceVersion };
    next = page.metadata.continue || undefined;
  } while (next !== undefined);
}

/** The query parameters that lists and watches share. */
export function queryOf({ labelSelector, fieldSelector }: Selection): Readonly<Record<string, string | undefined>> {
  return { labelSelector, fieldSelector };
}

/** What lists and watches ask for of each object. */
export function formOf({ metadataOnly, wire }: Selection) {
  return { metadataOnly, binary: wire !== undefined };
}

async function readPage(
  { contentType, body }: Answer,
  wire: MessageSchema | undefined,
  context: ApiErrorContext,
): Promise<unknown> {
  if (wire === undefined || !isProtobuf(contentType)) return readJson(body, context);
  try {
    return await readListPage(wire, body, { maxBytes: largestObjectBytes, action: context.action ?? "list" });
  } catch (cause) {
    if (!(cause instanceof WireError)) throw ApiError.from(cause, context);
    throw new ApiError("unknown", `${context.action}: the answer is ${cause.message}`, { cause });
  }
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
