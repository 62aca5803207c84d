/** Milliseconds of `performance.now()`. */
export type Time = number;

/** What something was, one after the other, each since it was asked for: from then on it may be seen. */
export interface History<T> {
  readonly states: readonly { readonly state: T; readonly since: Time }[];
  readonly now: T;
  become(state: T): void;
}

/** Something that is `first` from now on. */
export function createHistory<T>(first: T): History<T> {
  const states = [{ state: first, since: performance.now() }];
  return {
    states,
    get now() {
      return (states.at(-1) ?? { state: first }).state;
    },
    become: (state) => void states.push({ state, since: performance.now() }),
  };
}

/** When something was there: from when it was asked for until its end was answered. */
export interface Presence {
  readonly from: Time;
  until: Time;
}

/** Something that is there from now on. */
export function arrival(): Presence {
  return { from: performance.now(), until: Infinity };
}
