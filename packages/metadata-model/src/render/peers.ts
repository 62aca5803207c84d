import type { Permit } from "../authorize.ts";
import type { MetadataGrant } from "../metadata-grant.ts";
import type { PodMetadata } from "../pod-metadata.ts";
import { byName } from "../select.ts";
import type { World } from "../world.ts";
import type { PeerRenderer, RenderedPeer } from "./peer.ts";
import { sameObjects } from "./same-objects.ts";

/** What decides how pods are rendered, beside the pods. */
interface Setting extends Pick<World, "node" | "grants"> {
  /** Follows from the pod and the grants alone. */
  readonly permit: (pod: PodMetadata) => Permit | undefined;
}

interface Made {
  readonly pods: readonly PodMetadata[];
  readonly node: World["node"];
  readonly grants: readonly MetadataGrant[];
  readonly peers: readonly RenderedPeer[];
}

type RenderOne = (pod: PodMetadata, known?: RenderedPeer) => RenderedPeer | undefined;

/**
 * A function that renders those of the pods that may be shown, in their order, which is that of `byName`. It remembers what it made last: a
 * pod is rendered again where its record is another object, or its node or permit another. While nodes and grants are the same it asks only
 * for pods that are others, and answers the very same list where none is. So a pass over many peers costs little.
 */
export function peersRenderer(
  render: PeerRenderer["render"],
): (pods: readonly PodMetadata[], setting: Setting) => readonly RenderedPeer[] {
  /** One for each id: each peer holds its own. */
  const permits = new Map<string, Permit>();
  let last: Made | undefined;

  function sharedPermit(permit: Permit): Permit {
    const known = permits.get(permit.id) ?? permit;
    permits.set(permit.id, known);
    return known;
  }

  return (pods, { node, grants, permit }) => {
    const one: RenderOne = (pod, known) => {
      const permitted = permit(pod);
      if (permitted === undefined) return undefined;
      const podNode = node(pod.nodeName);
      const isSame = known?.pod === pod && known.node === podNode && known.permit.id === permitted.id;
      return isSame ? known : render(pod, podNode, sharedPermit(permitted));
    };
    const before = last?.node === node && sameObjects(last.grants, grants) ? last : undefined;
    const peers = (before && renderedAgain(before, pods, one)) ?? merged(last?.peers ?? [], pods, one);
    last = { pods, node, grants, peers };
    return peers;
  };
}

/** The peers of `pods`, with those of `before` where they are the same, both being in order. */
function merged(
  before: readonly RenderedPeer[],
  pods: readonly PodMetadata[],
  one: RenderOne,
): readonly RenderedPeer[] {
  const peers: RenderedPeer[] = [];
  let at = 0;
  for (const pod of pods) {
    let known = before[at];
    while (known !== undefined && known.pod !== pod && byName(known.pod, pod) < 0) known = before[++at];
    const peer = one(pod, known);
    if (peer !== undefined) peers.push(peer);
  }
  return peers;
}

/** The peers of `before` with those of other pods in their places; undefined where some pod isn't shown, so that places don't match. */
function renderedAgain(
  before: Made,
  pods: readonly PodMetadata[],
  one: RenderOne,
): readonly RenderedPeer[] | undefined {
  if (before.pods === pods) return before.peers;
  if (before.pods.length !== pods.length || before.peers.length !== pods.length) return undefined;
  let peers: RenderedPeer[] | undefined;
  for (let at = 0; at < pods.length; at++) {
    const pod = pods[at];
    if (pod === undefined || pod === before.pods[at]) continue;
    const peer = one(pod);
    if (peer === undefined) return undefined;
    peers ??= [...before.peers];
    peers[at] = peer;
  }
  return peers ?? before.peers;
}
