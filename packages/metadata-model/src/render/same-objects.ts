/** Whether both lists hold the very same objects, in the same order: what is made of the one is good for the other. */
export function sameObjects(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some === others || (some.length === others.length && some.every((one, at) => one === others[at]));
}
