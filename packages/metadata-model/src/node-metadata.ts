import { record, text, texts } from "./untrusted.ts";

/** What a resource field can ask of a node. */
export interface NodeMetadata {
  readonly name: string;
  /** What the node has for pods: name of the resource → quantity. */
  readonly allocatable: Readonly<Record<string, string>>;
}

/**
 * What is known of a pod's node: its metadata; nothing yet, or there is no such node; or that nodes may not be read.
 */
export type NodeKnowledge = NodeMetadata | undefined | "forbidden";

/**
 * The metadata of an object of the API's kind Node. Odd shapes are taken for missing ones; only a node without a name
 * is a TypeError.
 */
export function nodeMetadata(node: unknown): NodeMetadata {
  const { metadata, status } = record(node);
  const name = text(record(metadata)["name"]);
  if (name === "") throw new TypeError("not a node of an API server: it has no name");
  return { name, allocatable: texts(record(status)["allocatable"]) };
}
