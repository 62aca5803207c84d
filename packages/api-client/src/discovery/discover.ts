import { ApiError } from "../api-error.ts";
import type { ApiClient } from "../client.ts";
import type { Discovery } from "./discovery.ts";
import { aggregatedAccept, readAggregated } from "./aggregated.ts";
import { type ApiGroup, readGroups, readVersions } from "./documents.ts";
import { readUnaggregated } from "./unaggregated.ts";
import { json } from "../media-type.ts";

export interface DiscoverOptions {
  /** Default true. False asks for the documents that every server has, a request for each version of each group. */
  readonly aggregated?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * All that the server's API has: its groups, their versions, their resources. In two requests where the server aggregates discovery
 * (Kubernetes 1.27 and later), else in one for each version of each group; the result is the same. What serves a group may be down,
 * which makes its versions `unavailable` and does not fail the rest. Throws an ApiError when `/api` or `/apis` can't be read.
 *
 * Does as client-go's k8s.io/client-go/discovery/discovery_client.go.
 */
export async function discover(
  client: Pick<ApiClient, "request">,
  { aggregated = true, signal }: DiscoverOptions = {},
): Promise<Discovery> {
  const read = (path: string, accept = json): Promise<unknown> => client.request({ path, accept, signal });

  async function readRoot(path: string, groupsOf: (document: unknown) => readonly ApiGroup[] | undefined) {
    const document = aggregated ? await readPreferred(path) : await read(path);
    const discovery = readAggregated(document);
    if (discovery) return discovery;
    const groups = groupsOf(document);
    if (groups) return readUnaggregated(groups, read);
    throw new ApiError("unknown", `GET ${path}: the answer lists no groups of an API: is this an API server?`);
  }

  // a server that knows nothing better takes the last that we accept; one that refuses instead is asked for that alone
  const readPreferred = (path: string) =>
    read(path, aggregatedAccept).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 406) return read(path);
      throw error;
    });

  const roots = await Promise.all([
    readRoot("/api", coreOf).catch((error: unknown) => {
      // a server of a group of its own, asked directly, has no core group
      if (error instanceof ApiError && error.code === "not-found") return nothing;
      throw error;
    }),
    readRoot("/apis", readGroups),
  ]);
  return {
    groups: roots.flatMap(({ groups }) => groups),
    unavailable: roots.flatMap(({ unavailable }) => unavailable),
  };
}

const nothing: Discovery = { groups: [], unavailable: [] };

function coreOf(document: unknown): readonly ApiGroup[] | undefined {
  const versions = readVersions(document);
  return versions && [{ name: "", versions }];
}
