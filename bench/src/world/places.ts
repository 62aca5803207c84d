import type { MirrorSpec } from "./mirror.ts";

/** Where changes of pods are to be seen: a pod may be the peer of several mirrors. */
export interface Places {
  /** How many mirrors each app has. */
  readonly count: number;
  /** Which of them a ConfigMap is of; undefined where it is of none. */
  readonly placeOf: (namespace: string, configMap: string) => number | undefined;
}

/** The places of mirrors that are as many for each app, whose names don't end in a number. */
export function placesOf(mirrors: readonly MirrorSpec[]): Places {
  const apps = [...Map.groupBy(mirrors, ({ namespace, app }) => `${namespace}/${app}`).values()];
  const places = new Map(
    apps.flatMap((same) => same.map(({ namespace, name }, place) => [`${namespace}/${name}`, place] as const)),
  );
  return {
    count: Math.max(1, ...apps.map(({ length }) => length)),
    // of shards after the first the number is part of the name
    placeOf: (namespace, configMap) => places.get(`${namespace}/${configMap.replace(/-\d+$/, "")}`),
  };
}
