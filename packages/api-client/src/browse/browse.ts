import type { Answer } from "./answer.ts";
import { linksOf } from "./links.ts";
import { type BrowsePath, collectionOf, parsePath } from "./path.ts";
import { readAnswer } from "./reader.ts";
import type { ApiClient } from "../client.ts";

export interface BrowseOptions {
  /** Objects a page of a collection, 500 by default. A limit in the path goes before it. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** What is at a path of the API, and where one can go from there. `type` tells which answer it is. */
export type Browsed = Answer & {
  /** As it was asked for, encoded and without query: `/apis/batch/v1/jobs`. */
  readonly path: string;
  /** The paths below, to be browsed next. What one has to choose is in braces: `/apis/batch/v1/namespaces/{namespace}/jobs`. */
  readonly links: readonly string[];
  /** Where a list goes on, to be browsed next; undefined when it does not. */
  readonly next: string | undefined;
};

/**
 * Reads the API as people do with curl, from `/` down: `/`, `/apis`, `/apis/batch/v1`, `/apis/batch/v1/jobs`,
 * `/apis/batch/v1/namespaces/default/jobs/hello`. A path may be typed with or without slashes at its ends, and with a query. A collection
 * comes as one page. Throws a TypeError for what is no path of the server or has no end (a watch), and an ApiError when the server refuses.
 */
export async function browse(
  client: Pick<ApiClient, "request">,
  typed: string,
  { limit = 500, signal }: BrowseOptions = {},
): Promise<Browsed> {
  const { path, query } = parsePath(typed);
  const asked = { path, query: collectionOf(path) ? { limit: String(limit), ...query } : query };
  const body = await client.request({ ...asked, accept, as: "text", signal });
  const answer = readAnswer(String(body));
  return { ...answer, path, links: linksOf(path, answer), next: nextOf(asked, answer) };
}

/** As client-go's: JSON where there is a choice. */
const accept = "application/json, */*";

function nextOf({ path, query }: BrowsePath, answer: Answer): string | undefined {
  if (answer.type !== "list" || answer.continue === undefined) return undefined;
  return `${path}?${new URLSearchParams({ ...query, continue: answer.continue }).toString()}`;
}
