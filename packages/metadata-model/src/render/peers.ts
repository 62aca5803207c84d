import type { Permit } from "../authorize.ts";
import type { MetadataGrant } from "../metadata-grant.ts";
import type { PodMetadata } from "../pod-metadata.ts";
import type { World } from "../world.ts";
import type { peerRenderer, RenderedPeer } from "./peer.ts";
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

/**
 * A function that renders those of the pods that may be shown, in their order. It remembers what it made last: while nodes and grants are the
 * same it asks only for pods that are others, and answers the very same list where none is. So a pass over many peers costs little.
 */
export function peersRenderer(
  render: ReturnType<typeof peerRenderer>,
): (pods: readonly PodMetadata[], setting: Setting) => readonly RenderedPeer[] {
  let last: Made | undefined;
  return (pods, { node, grants, permit }) => {
    const one = (pod: PodMetadata) => {
      const permitted = permit(pod);
      return permitted === undefined ? undefined : render(pod, node(pod.nodeName), permitted);
    };
    const before = last?.node === node && sameObjects(last.grants, grants) ? last : undefined;
    const peers = (before && renderedAgain(before, pods, one)) ?? renderedAnew(pods, one);
    last = { pods, node, grants, peers };
    return peers;
  };
}

type RenderOne = (pod: PodMetadata) => RenderedPeer | undefined;

function renderedAnew(pods: readonly PodMetadata[], one: RenderOne): readonly RenderedPeer[] {
  const peers: RenderedPeer[] = [];
  for (const pod of pods) {
    const peer = one(pod);
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
