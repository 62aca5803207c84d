import type { Entry } from "../runtime/store.ts";

/** An object as a store takes it, of its own version or that of the test. */
export function entryOf<T extends { readonly namespace?: string; readonly name: string }>(
  object: T,
  resourceVersion = "1",
): Entry<T> {
  const { namespace = "", name } = object;
  return { namespace, name, resourceVersion, object };
}
