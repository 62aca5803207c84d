import { configMaps, nodes, pods, type Resource } from "@metadata-mirror/api-client";
import { isReadable, type MetadataMirror, peerNamespaces, type Staleness } from "@metadata-mirror/metadata-model";
import type { Freshness, Stream } from "../runtime/freshness.ts";
import { usesNodes } from "./interest.ts";
import { metadataGrants, metadataMirrors } from "./resources.ts";

export interface DependenceOptions {
  readonly freshness: Pick<Freshness, "of" | "toldUntil">;
  /** Whether pods of the namespace, which isn't its own, are watched for the mirror. */
  readonly isOpen: (mirror: MetadataMirror, namespace: string) => boolean;
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

/** What follows from the spec alone. */
interface Wants {
  readonly own: readonly Part[];
  /** Other namespaces that peers are taken from. */
  readonly others: readonly string[];
  readonly nodal: boolean;
}

const wants = new WeakMap<MetadataMirror, Wants>();

/** What `mirror` wants to know of: asked for each pass, and found once. */
function wantsOf(mirror: MetadataMirror): Wants {
  const known = wants.get(mirror) ?? findWants(mirror);
  wants.set(mirror, known);
  return known;
}

function findWants(mirror: MetadataMirror): Wants {
  const { namespace } = mirror;
  const own: readonly Part[] = [
    [metadataMirrors, namespace],
    [configMaps, namespace],
  ];
  if (!isReadable(mirror)) return { own, others: [], nodal: false };
  const peers = peerNamespaces(mirror);
  return {
    own: peers.includes(namespace) ? [...own, [pods, namespace]] : own,
    others: peers.filter((other) => other !== namespace),
    nodal: usesNodes(mirror.spec),
  };
}

export function createDependence({ freshness, isOpen, nodesReadable }: DependenceOptions): Dependence {
  function partsOf(mirror: MetadataMirror): readonly Part[] {
    const { own, others, nodal } = wantsOf(mirror);
    if (others.length === 0 && !nodal) return own;
    return [
      ...own,
      ...others.map((namespace): Part => [metadataGrants, namespace]),
      ...others.filter((namespace) => isOpen(mirror, namespace)).map((namespace): Part => [pods, namespace]),
      ...(nodal && nodesReadable() ? [[nodes, ""] as const] : []),
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
      const times = partsOf(mirror).map(
        ([{ plural }, namespace]) => freshness.toldUntil(plural, namespace) ?? Infinity,
      );
      const earliest = Math.min(...times);
      return earliest === Infinity ? undefined : earliest;
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
