/** Does something that may fail, and answers undefined where it did. */
export type Attempt = <R>(work: () => R | Promise<R>) => Promise<R | undefined>;

/** Attempts whose failures are told: each once, until another one comes or all is well again. */
export function tellingAttempt(tell: (error: Error) => void): Attempt {
  let told: string | undefined;
  return async (work) => {
    try {
      const result = await work();
      told = undefined;
      return result;
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (error.message !== told) tell(error);
      told = error.message;
      return undefined;
    }
  };
}
