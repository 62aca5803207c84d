import type { ConfigMaps } from "./expectation.ts";
import { mirrorName } from "./names.ts";
import type { Pod } from "./stage.ts";

/** What was seen of the cluster at one moment. */
export interface Sight {
  readonly pods: ReadonlyMap<string, Pod>;
  readonly configMaps: ConfigMaps;
}

/** A line of text for each pod, by its name. */
export function podTexts({ pods }: Sight): ReadonlyMap<string, string> {
  return new Map(
    [...pods].map(([name, { podIP, phase, labels, annotations }]) => {
      const pairs = [...Object.entries(labels), ...Object.entries(annotations)];
      const words = pairs.map(([key, value]) => `${key}=${value}`);
      return [name, `${podIP.padEnd(11)} ${phase.padEnd(8)} ${oneLine(words.join("  "))}`];
    }),
  );
}

/** A line of text for each key of the ConfigMaps; no two of them have the same. */
export function keyTexts({ configMaps }: Sight): ReadonlyMap<string, string> {
  const entries = [...configMaps.values()].flatMap(({ data }) => Object.entries(data));
  return new Map(entries.map(([key, value]) => [key, oneLine(value)]));
}

function oneLine(text: string): string {
  return text.trimEnd().replaceAll("\n", " ⏎ ");
}

/** The names of the peers that the ConfigMaps hold. */
export function peerNames({ configMaps }: Sight): ReadonlySet<string> {
  const keys = [...configMaps.values()].flatMap(({ data }) => Object.keys(data));
  return new Set(keys.filter((key) => key.endsWith("_podName")).map((key) => key.slice(0, key.indexOf("_"))));
}

/** How many pods there are. */
export function podsTitle(sight: Sight): string {
  const peers = peerNames(sight);
  return `${sight.pods.size} · mirrored ● ${[...sight.pods.keys()].filter((name) => peers.has(name)).length}`;
}

/** Which ConfigMaps there are, and how many keys each holds. */
export function configMapsTitle({ configMaps }: Sight): string {
  if (configMaps.size === 0) return `${mirrorName} · not there`;
  return [...configMaps].map(([name, { data }]) => `${name} · keys ${Object.keys(data).length}`).join("   ");
}
