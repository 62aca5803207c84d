/** Calls all of them, whatever some throw: that is told to `onThrow`, of each. */
export function isolated<T>(listeners: Iterable<T>, call: (one: T) => void, onThrow: (error: unknown) => void): void {
  for (const one of listeners) {
    try {
      call(one);
    } catch (error) {
      onThrow(error);
    }
  }
}
