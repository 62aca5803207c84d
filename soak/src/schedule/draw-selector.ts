import type { Random } from "../random.ts";
import type { Requirement, Selector } from "../world/selector.ts";

/** The labels that pods may have, each with its values. */
export const labelValues: Readonly<Record<string, readonly string[]>> = {
  app: ["web", "db"],
  tier: ["front", "back", "cache"],
  zone: ["a", "b"],
};

const keys = Object.keys(labelValues);

/** Draws one of up to two requirements. */
export function drawSelector(random: Random): Selector {
  const length = random.weighted({ none: 15, one: 60, two: 25 });
  if (length === "none") return [];
  if (length === "one") return [drawRequirement(random, random.pick(keys))];
  return random
    .some(keys)
    .slice(0, 2)
    .map((key) => drawRequirement(random, key));
}

function drawRequirement(random: Random, key: string): Requirement {
  const operator = random.weighted({ In: 60, NotIn: 15, Exists: 15, DoesNotExist: 10 });
  const takesValues = operator === "In" || operator === "NotIn";
  return { key, operator, values: takesValues ? random.some(labelValues[key] ?? []) : [] };
}
