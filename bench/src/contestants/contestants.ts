import { nodeFloor } from "./bare-node.ts";
import { clientNode } from "./client-node.ts";
import type { Contestant } from "./contestant.ts";
import { controllerRuntime, floor } from "./go-peer.ts";
import { kopf } from "./kopf.ts";
import { metadataMirror } from "./metadata-mirror.ts";

/** All who are measured, in the order of the tables. */
export const contestants: readonly Contestant[] = [
  floor,
  nodeFloor,
  ...controllerRuntime,
  kopf,
  clientNode,
  metadataMirror,
];
