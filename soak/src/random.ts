import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** Chance that a seed decides: the same seed gives the same answers to the same questions, on every machine. */
export interface Random {
  /** A whole number, both ends included. */
  int(from: number, to: number): number;
  /** True in so many of 100 cases. */
  percent(of: number): boolean;
  /** One of them. Throws where there is none. */
  pick<T>(from: readonly T[]): T;
  /** One or more of them, in their order. Throws where there is none. */
  some<T>(from: readonly T[]): readonly T[];
  /** One of them, each as often as its weight says; those of weight 0 never. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T;
}

/** Starts it from a seed, a whole number of 32 bits. */
export function createRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const int = (from: number, to: number) => uniformInt(generator, from, to);
  const percent = (of: number) => int(1, 100) <= of;
  function pick<T>(from: readonly T[]): T {
    if (from.length === 0) throw new RangeError("there is nothing to pick from");
    return from[int(0, from.length - 1)] as T;
  }
  return {
    int,
    percent,
    pick,
    some(from) {
      const sure = pick(from);
      return from.filter((one) => one === sure || percent(40));
    },
    weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
      const entries = Object.entries(weights) as [T, number][];
      let left = int(
        1,
        entries.reduce((sum, [, weight]) => sum + weight, 0),
      );
      for (const [name, weight] of entries) {
        left -= weight;
        if (left <= 0) return name;
      }
      throw new RangeError("no weight is more than 0");
    },
  };
}
