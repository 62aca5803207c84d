// What other measurements use of these: the operator as it is deployed, and a cluster's worth of pods in seconds.
export { bundle } from "./bundle.ts";
export { imageEnv, operatorNodeFlags } from "./contestants/metadata-mirror.ts";
export { processUsage } from "./measure/process-usage.ts";
export { table } from "./table.ts";
export { each } from "./world/api.ts";
export { type PodSpec, podBody, podSpecs, statusBody } from "./world/pod.ts";
export { createPods, removePods } from "./world/pods.ts";
export { createWorld, type World } from "./world/world.ts";

export type { Host } from "./contestants/contestant.ts";
export type { Api } from "./world/api.ts";
