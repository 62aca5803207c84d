import type { ConfigMapState, Digest } from "./config-map.ts";
import type { Mount } from "./consumer.ts";

/**
 * A function that makes a revision: a digest over what `mounts` show of the ConfigMaps that `find` knows, or undefined where it knows none
 * of them. The same data under the same names is the same revision, whatever version the ConfigMaps have; what isn't there, a ConfigMap or a
 * key, counts as absent. What a ConfigMap holds as a whole is digested once for each state of it.
 */
export function revisions(
  digest: Digest,
): (mounts: readonly Mount[], find: (name: string) => ConfigMapState | undefined) => string | undefined {
  const whole = new WeakMap<ConfigMapState, string>();

  function wholeOf(state: ConfigMapState): string {
    const known =
      whole.get(state) ?? digest(JSON.stringify([...state.digests].toSorted(([a], [b]) => (a < b ? -1 : 1))));
    whole.set(state, known);
    return known;
  }

  /** What a mount shows of `state`. Texts are of all keys, lists are of some. */
  function shown(state: ConfigMapState, { keys }: Mount): unknown {
    if (keys === undefined) return wholeOf(state);
    return keys.flatMap((key) => (state.digests.has(key) ? [[key, state.digests.get(key)]] : []));
  }

  return (mounts, find) => {
    const parts = mounts.flatMap((mount) => {
      const state = find(mount.configMap);
      return state === undefined ? [] : [[mount.configMap, shown(state, mount)]];
    });
    return parts.length === 0 ? undefined : digest(JSON.stringify(parts));
  };
}

/** The keys whose values `before` and `after` differ in, each once. */
export function changedKeys(
  before: Pick<ConfigMapState, "digests">,
  after: Pick<ConfigMapState, "digests">,
): readonly string[] {
  const gone = [...before.digests.keys()].filter((key) => !after.digests.has(key));
  const changed = [...after.digests].filter(([key, value]) => before.digests.get(key) !== value).map(([key]) => key);
  return [...gone, ...changed];
}
