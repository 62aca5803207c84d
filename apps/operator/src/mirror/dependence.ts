import { configMaps, nodes, pods, type Resource } from "@metadata-mirror/api-client";
import { isReadable, type MetadataMirror, peerNamespaces, type Staleness } from "@metadata-mirror/metadata-model";
import type { Freshness, Stream } from "../runtime/freshness.ts";
import { usesNodes } from "./interest.ts";
import { metadataGrants, metadataMirrors } from "./resources.ts";

export interface DependenceOptions {
  readonly freshness: Pick<Freshness, "of">;
  /** The namespaces of which pods are watched for the mirror. */
  readonly podNamespaces: (mirror: MetadataMirror) => readonly string[];
  /** Whether the operator may read nodes: what it may not is no part of what a mirror shows. */
  readonly nodesReadable: () => boolean;
}

/** On which streams mirrors depend, and what follows from these. */
export interface Dependence {
  /** Those from whose resource and namespace the mirror is made. */
  readonly streams: (mirror: MetadataMirror) => readonly Stream[];
  /** Whether the mirror is made from what the stream tells, also one that has ended. */
  readonly isOn: (mirror: MetadataMirror, stream: Pick<Stream, "resource" | "scope">) => boolean;
  /** Until when the mirror was told of everything, in milliseconds since the epoch; undefined before. */
  readonly toldUntil: (mirror: MetadataMirror) => number | undefined;
  /** What the status is to tell, of the stream that is stale for the longest time; undefined where none is. */
  readonly staleness: (mirror: MetadataMirror) => Staleness | undefined;
}

/** What there is of a resource in a namespace, "" for what is in none. */
type Part = readonly [resource: Resource, namespace: string];

export function createDependence({ freshness, podNamespaces, nodesReadable }: DependenceOptions): Dependence {
  function partsOf(mirror: MetadataMirror): readonly Part[] {
    const { namespace } = mirror;
    const own: readonly Part[] = [
      [metadataMirrors, namespace],
      [configMaps, namespace],
    ];
    if (!isReadable(mirror)) return own;
    const others = peerNamespaces(mirror).filter((peers) => peers !== namespace);
    return [
      ...own,
      ...others.map((peers): Part => [metadataGrants, peers]),
      ...podNamespaces(mirror).map((peers): Part => [pods, peers]),
      ...(usesNodes(mirror.spec) && nodesReadable() ? [[nodes, ""] as const] : []),
    ];
  }

  const streams = (mirror: MetadataMirror) =>
    partsOf(mirror).flatMap(([{ plural }, namespace]) => freshness.of(plural, namespace));

  return {
    streams,
    isOn: (mirror, { resource, scope }) =>
      partsOf(mirror).some(([{ plural }, namespace]) => plural === resource && (scope === "" || scope === namespace)),
    toldUntil(mirror) {
      // what told nothing yet is to take over from another, or the mirror is not planned yet
      const times = streams(mirror).flatMap(({ lastContact }) => lastContact ?? []);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    staleness(mirror) {
      const stale = streams(mirror).filter(({ staleFault }) => staleFault !== undefined);
      const [worst] = stale.toSorted((a, b) => b.ageMs - a.ageMs);
      return worst && stalenessOf(worst);
    },
  };
}

function stalenessOf({ resource, scope, lastContact, staleFault = "" }: Stream): Staleness {
  // RFC 3339, without fractions of a second
  const at = lastContact === undefined ? undefined : new Date(lastContact).toISOString().replace(/\.\d+/, "");
  return { resource, namespace: scope, lastContact: at, fault: staleFault };
}
