import { type PodSpec, podSpecs } from "@metadata-mirror/bench";

/** How much there is, at the start as at the end. */
export interface Size {
  readonly mirrors: number;
  readonly pods: number;
}

/** The mirrors that each app has, which differ in what they show of the same pods: so does what a change of a pod has written. */
const kinds = ["document", "files", "hosts", "across"] as const;
type Kind = (typeof kinds)[number];

/** Where a mirror belongs: what is there at any time, under one name or another. */
export interface Seat {
  readonly namespace: string;
  readonly app: string;
  readonly kind: Kind;
  /** A namespace that the mirrors of kind `across` have peers of, beside their own. */
  readonly other: string;
}

/** What there is. */
export interface Stage {
  readonly namespaces: readonly string[];
  readonly pods: readonly PodSpec[];
  readonly seats: readonly Seat[];
}

const appsPerNamespace = 25;
const mirrorsPerNamespace = appsPerNamespace * kinds.length;

/** What sizes can be had: whole namespaces of 100 mirrors each, two at least, and equally many pods for each app. */
export function stageOf({ mirrors, pods }: Size): Stage {
  const count = mirrors / mirrorsPerNamespace;
  const podsPerApp = pods / (count * appsPerNamespace);
  if (!Number.isInteger(count) || count < 2)
    throw new RangeError(`there can't be ${mirrors} mirrors: give 200, 300, 400 …`);
  if (!Number.isInteger(podsPerApp) || podsPerApp < 1)
    throw new RangeError(`${mirrors} mirrors are of ${mirrors / 4} apps: give a multiple of that as pods, not ${pods}`);
  const namespaces = Array.from({ length: count }, (_, index) => `team-${index}`);
  const apps = namespaces.flatMap((namespace, index) => {
    const other = namespaces[(index + 1) % count] ?? namespace;
    return Array.from({ length: appsPerNamespace }, (_, app) => ({ namespace, app: `app-${app}`, other }));
  });
  return {
    namespaces,
    pods: apps.flatMap(({ namespace, app }, index) => podSpecs(namespace, app, podsPerApp, index * podsPerApp)),
    seats: apps.flatMap((app) => kinds.map((kind) => ({ ...app, kind }))),
  };
}
