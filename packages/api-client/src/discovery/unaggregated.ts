import { ApiError } from "../api-error.ts";
import { type DiscoveredVersion, type Discovery, groupVersionPath, type UnavailableVersion } from "./discovery.ts";
import { type ApiGroup, readResources } from "./documents.ts";

/** Enough for a server far away, and few enough for one that is busy. */
const concurrency = 8;

/**
 * Asks for the resources of these groups, a request for each version of each, eight at a time. `read` gives the document at a path. A
 * version that can't be read is unavailable, for the reason why; only a cancellation throws.
 */
export async function readUnaggregated(
  groups: readonly ApiGroup[],
  read: (path: string) => Promise<unknown>,
): Promise<Discovery> {
  const wanted = groups.flatMap(({ name, versions }) => versions.map((version) => ({ group: name, version })));
  const answers = await mapAtMost(concurrency, wanted, ({ group, version }) => readVersion(group, version, read));
  return {
    groups: groups
      .map(({ name }) => ({
        name,
        versions: answers.flatMap((answer, index) =>
          "resources" in answer && wanted[index]?.group === name ? [answer] : [],
        ),
      }))
      .filter(({ versions }) => versions.length > 0),
    unavailable: answers.filter((answer) => "reason" in answer),
  };
}

async function readVersion(
  group: string,
  version: string,
  read: (path: string) => Promise<unknown>,
): Promise<DiscoveredVersion | UnavailableVersion> {
  const path = groupVersionPath(group, version);
  try {
    const answer = readResources(await read(path));
    if (answer?.group === group && answer.version === version) return { version, resources: answer.resources };
    return { group, version, reason: `GET ${path}: the answer is not its APIResourceList` };
  } catch (cause) {
    const error = ApiError.from(cause, { action: `GET ${path}` });
    if (error.code === "canceled") throw error;
    return { group, version, reason: error.message };
  }
}

/** As Promise.all over a map, with so many at a time. */
async function mapAtMost<T, U>(most: number, items: readonly T[], map: (item: T) => Promise<U>): Promise<readonly U[]> {
  const results: U[] = [];
  const entries = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await map(item);
  };
  await Promise.all(Array.from({ length: most }, work));
  return results;
}
