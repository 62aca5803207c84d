import type { RenderedPeer } from "../src/render/peer.ts";
import { pod } from "./objects.ts";

/** The peer that the pod `shop/<id>` is, without files and problems, but for what `fields` says. */
export function renderedPeer(id: string, fields: Partial<RenderedPeer> = {}): RenderedPeer {
  return {
    id,
    size: 1,
    files: new Map(),
    named: [],
    problems: [],
    pod: pod({ name: id }),
    node: undefined,
    permit: { id: "*", paths: new Set(), named: true, own: true },
    ...fields,
  };
}
