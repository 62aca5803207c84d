/** Where the demo plays: the namespace that kubectl looks at by default. */
export const namespace = "default";

/** The name of the demo's MetadataMirror, and of its first ConfigMap. */
export const mirrorName = "web-peers";
