/** How large the world may get. What there may be has fixed names, so that objects come again under the name of one that is gone. */
export interface Stage {
  readonly namespaces: readonly string[];
  readonly nodes: readonly string[];
  readonly podsPerNamespace: number;
  readonly mirrorsPerNamespace: number;
  readonly grantsPerNamespace: number;
}

/** That of a soak: up to 48 pods, 12 mirrors and 8 grants. */
export const stage: Stage = {
  namespaces: ["soak-0", "soak-1", "soak-2", "soak-3"],
  nodes: ["node-0", "node-1", "node-2"],
  podsPerNamespace: 12,
  mirrorsPerNamespace: 3,
  grantsPerNamespace: 2,
};

/** A name of an object that may be, in its namespace. */
export interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** All places of `perNamespace` objects in each namespace, named `<noun>-<index>`. */
export function placesOf(namespaces: readonly string[], noun: string, perNamespace: number): readonly Place[] {
  return namespaces.flatMap((namespace) =>
    Array.from({ length: perNamespace }, (_, index) => ({ namespace, name: `${noun}-${index}` })),
  );
}
