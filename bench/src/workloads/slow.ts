/** Those who take minutes for thousands of pods: they take one turn, and none where there would be nothing to see. */
export const slow: ReadonlySet<string> = new Set(["kopf", "client-node"]);
