/**
 * The same items, none while `hold` answers a promise: it is asked again whenever that one resolves. What has been held back is not lost, and
 * the source isn't read meanwhile.
 */
export async function* heldBack<T>(items: AsyncIterable<T>, hold: () => Promise<void> | undefined): AsyncGenerator<T> {
  for await (const item of items) {
    for (let held = hold(); held !== undefined; held = hold()) await held;
    yield item;
  }
}
