import { targetPort } from "../world/format.ts";
import type { FormatName } from "../world/format.ts";
import type { ItemName } from "../world/item.ts";
import type { Mirror } from "../world/mirror.ts";
import type { World } from "../world/world.ts";
import { type Peer, peersOf } from "./peer.ts";
import { textOf, valueOf } from "./value.ts";

/**
 * What the ConfigMaps of a mirror tell, all together, whatever peer is in which of them: of each format its parts, by names that say
 * which part of what it is. Of documents that are in each ConfigMap the parts are lines, peers and targets, in any order.
 */
export type Content = Readonly<Record<FormatName, Parts>>;

/** Name of the part → its text, "" where nothing else is to be told. */
export type Parts = ReadonlyMap<string, string>;

/** What has to be there. A format that the mirror doesn't have is empty. */
export function contentOf(mirror: Mirror, world: World): Content {
  const peers = peersOf(mirror, world);
  const of = (name: FormatName, parts: () => Parts) => (mirror.formats.includes(name) ? parts() : new Map());
  return {
    Files: of("Files", () => new Map(peers.flatMap((peer) => files(peer, mirror, world)))),
    JSON: of("JSON", () => numbered(peers.map((peer) => canonical(objectOf(peer, world))))),
    Hosts: of("Hosts", () => new Map(peers.flatMap(hosts).map((pair) => [pair, ""]))),
    PrometheusFileSD: of("PrometheusFileSD", () => numbered(peers.flatMap((peer) => target(peer, world)))),
    Template: of("Template", () => new Map([["lines.txt", peers.map((peer) => line(peer, world)).join("")]])),
  };
}

function files({ pod, items }: Peer, mirror: Mirror, world: World): readonly [string, string][] {
  const name = pod.namespace === mirror.namespace ? pod.name : `${pod.namespace}__${pod.name}`;
  return items.map((item) => [`${name}_${item}`, textOf(valueOf(item, pod, world))]);
}

function objectOf({ pod, items }: Peer, world: World): object {
  return Object.fromEntries(items.map((item) => [item, valueOf(item, pod, world)]));
}

function hosts({ pod: { ip, name, namespace } }: Peer): readonly string[] {
  return ip === "" ? [] : [`${ip} ${name}`, `${ip} ${name}.${namespace}`];
}

function target({ pod, items }: Peer, world: World): readonly string[] {
  if (pod.ip === "") return [];
  const labels = items.flatMap((item) => metaLabels(item, valueOf(item, pod, world)));
  return [canonical({ targets: [`${pod.ip}:${targetPort}`], labels: Object.fromEntries(labels) })];
}

function metaLabels(item: ItemName, value: ReturnType<typeof valueOf>): readonly [string, string][] {
  const name = `__meta_metadatamirror_${item}`;
  if (typeof value !== "object") return [[name, String(value)]];
  return Object.entries(value).map(([key, each]) => [`${name}_${key}`, each]);
}

/** As the template of the soak has it: see `formats`. */
function line({ pod, items }: Peer, world: World): string {
  const told = (item: ItemName) => (items.includes(item) ? textOf(valueOf(item, pod, world)) : "");
  return `${told("podName")}|${told("podIP")}|${told("tier")}\n`;
}

/** Each text as a part, numbered where there are several that are equal. */
export function numbered(texts: readonly string[]): Parts {
  const counts = new Map<string, number>();
  return new Map(
    texts.map((text) => {
      const count = (counts.get(text) ?? 0) + 1;
      counts.set(text, count);
      return [count === 1 ? text : `${text} (${count})`, ""];
    }),
  );
}

/** A value of JSON as text, its members in order: equal values have equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
