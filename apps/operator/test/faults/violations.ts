import { isDeepStrictEqual } from "node:util";
import type { History, Presence, Time } from "./history.ts";
import type { Version } from "./observer.ts";
import { mirrorNames, prefixOf } from "./truth.ts";
import type { World, WorldPod } from "./world.ts";

/** What is allowed of the versions of a case. */
export interface Allowance {
  /**
   * Until when what has ended at a time may still be shown, for all that the operator can know: a moment later, or where a fault
   * kept it from knowing, a while after that was lifted.
   */
  readonly shownUntil: (end: Time) => Time;
  /** Whether nodes may not be read, so that what is of them is left out. */
  readonly withoutNodes: boolean;
  /** Whether the API server lost data, so that what was may be shown again. */
  readonly timeTravel: boolean;
}

/**
 * What is wrong with the versions that the operator wrote, each by itself and after the one before, a sentence each:
 * - each line is of a pod that was there, of a state that it really had by then, and all lines of a pod are of one state;
 * - who was there all the time, and always selected and granted, is in each version;
 * - a version is of one selector;
 * - no pod's state, nor the node's, is an older one than in the version before;
 * - who has gone, or whom no grant shows any more, isn't shown for longer than allowed;
 * - nothing is written that is there already, and nothing that somebody wrote by hand is kept.
 */
export function violations(world: World, versions: readonly Version[], allowed: Allowance): string[] {
  return mirrorNames.flatMap((name) => {
    const ours = versions.filter((version) => version.name === name);
    return ours.flatMap((version, i) => {
      if (world.foreign.has(version.resourceVersion)) return [];
      const before = ours[i - 1];
      const found = [
        ...linesWrong(world, version, allowed),
        ...missing(world, version),
        ...(allowed.timeTravel ? [] : backwards(world, version, ours.slice(0, i))),
        ...(before && isLater(version, before) && isDeepStrictEqual(before.content, version.content)
          ? ["is what was there already"]
          : []),
      ];
      return found.map((what) => `${name} (version ${version.resourceVersion}) ${what}`);
    });
  });
}

/** Not so where the API server lost data between the two: what was there is older than either, and nobody may have seen it. */
function isLater(version: Version, before: Version): boolean {
  return Number(version.resourceVersion) > Number(before.resourceVersion);
}

/** The lines of a pod in a version, by item; undefined where there are none. */
function linesOf(world: World, pod: WorldPod, { data }: Version): Readonly<Record<string, string>> | undefined {
  const prefix = prefixOf(pod, world);
  const lines = Object.entries(data).filter(([key]) => key.startsWith(prefix));
  if (lines.length === 0) return undefined;
  return Object.fromEntries(lines.map(([key, value]) => [key.slice(prefix.length), value]));
}

/** Which of its states something has by a time, counted from the first; -1 for none. */
function indexOf({ states }: History<string>, state: string | undefined, at: Time): number {
  return states.findIndex((one) => one.state === state && one.since <= at);
}

function linesWrong(world: World, version: Version, allowed: Allowance): string[] {
  const known = world.pods.filter(({ from }) => from <= version.at);
  const prefixes = known.map((pod) => prefixOf(pod, world));
  const strange = Object.keys(version.data).filter((key) => !prefixes.some((prefix) => key.startsWith(prefix)));
  return [
    ...strange.map((key) => `has ${key}, which is of no pod`),
    ...known.flatMap((pod) => podWrong(world, pod, version, allowed).map((what) => `${what} of ${pod.name}`)),
  ];
}

function podWrong(world: World, pod: WorldPod, version: Version, allowed: Allowance): string[] {
  const lines = linesOf(world, pod, version);
  if (lines === undefined) return [];
  const { name, rev, twin, cpu, ...others } = lines;
  const isLeftOut = cpu === undefined && allowed.withoutNodes;
  return [
    ...(name === pod.name ? [] : [`has the name ${name}`]),
    ...(rev === twin && indexOf(pod.revs, rev, version.at) >= 0 ? [] : [`has the labels ${rev} and ${twin}`]),
    ...(isLeftOut || indexOf(world.cpus, cpu, version.at) >= 0 ? [] : [`has the CPUs ${cpu}`]),
    ...Object.keys(others).map((item) => `has an item ${item}`),
    ...(isShown(pod, version, allowed) ? [] : ["has the end"]),
    ...(isGranted(world, pod, version, allowed) ? [] : ["has what no grant shows"]),
    ...(isSelected(world, pod, version) ? [] : ["has what isn't selected"]),
  ];
}

function isShown({ from, until }: Presence, { at }: Version, { shownUntil }: Allowance): boolean {
  return from <= at && (until === Infinity || at <= shownUntil(until));
}

function isGranted(world: World, { namespace, tier }: WorldPod, version: Version, allowed: Allowance): boolean {
  if (namespace === world.namespaces[0]) return true;
  if (version.name !== "across") return false;
  return world.grants[tier].some((grant) => isShown(grant, version, allowed));
}

function isSelected(world: World, { app }: WorldPod, { name, at }: Version): boolean {
  if (name !== "shifting") return app === "web";
  return world.shifting.states.some(({ state, since }) => state === app && since <= at);
}

/** Who was there before the operator was, and is still. */
function missing(world: World, version: Version): string[] {
  const [own] = world.namespaces;
  const lasting = ["stays", "steady", "db", ...(version.name === "across" ? ["far"] : [])];
  const constant = world.pods.filter(({ name }) => lasting.includes(name));
  const inView = constant.filter(({ namespace }) => namespace === own || version.name === "across");
  const absent = (app: WorldPod["app"]) =>
    inView.filter((pod) => pod.app === app && linesOf(world, pod, version) === undefined).map(({ name }) => name);
  if (version.name !== "shifting") return absent("web").map((name) => `lacks ${name}`);
  const [web, db] = [absent("web"), absent("db")];
  if (web.length === 0 && db.length === 0) return ["is of two selectors"];
  return web.length === 0 || db.length === 0 ? [] : [`lacks ${[...web, ...db].join(", ")}`];
}

/** What is older than in a version before. */
function backwards(world: World, version: Version, before: readonly Version[]): string[] {
  const newest = (read: (one: Version) => number) => Math.max(-1, ...before.map(read));
  const histories = world.pods.flatMap((pod) => [
    [`${pod.name}'s labels`, (one: Version) => indexOf(pod.revs, linesOf(world, pod, one)?.["rev"], one.at)] as const,
    [`${pod.name}'s CPUs`, (one: Version) => indexOf(world.cpus, linesOf(world, pod, one)?.["cpu"], one.at)] as const,
  ]);
  return histories.flatMap(([what, read]) => {
    const is = read(version);
    return is >= 0 && is < newest(read) ? [`has ${what} of before`] : [];
  });
}
