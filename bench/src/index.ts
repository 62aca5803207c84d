// What other measurements use of these: the operator as it is deployed, and a cluster's worth of pods in seconds.
export { bundle } from "./bundle.ts";
export { imageEnv, operatorArgs, operatorEnv, operatorNodeFlags } from "./contestants/metadata-mirror.ts";
export { table } from "./table.ts";
export { each } from "./world/api.ts";
export { type PodSpec, podSpecs } from "./world/pod.ts";
export { createPod, createPods, removePods } from "./world/pods.ts";
export { createWorld, type World } from "./world/world.ts";

export type { Host } from "./contestants/contestant.ts";
export type { Api } from "./world/api.ts";
