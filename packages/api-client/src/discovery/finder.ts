import { ApiError } from "../api-error.ts";
import { type DiscoveredResource, type Discovery, groupVersion } from "./discovery.ts";
import { isLike } from "./similar.ts";
import type { Resource } from "../resource.ts";

/**
 * The resource of a name, as kubectl takes it, in any case: a plural, singular, short name or kind, alone (`jobs`, `job`, `deploy`), with
 * its group (`deployments.apps`), or with its version and group (`jobs.v1.batch`, and of the core group `pods.v1.`). A plural or singular
 * goes before a short name, and that before a kind. Without a version it is the preferred one, or the first after it that has the resource.
 *
 * When several groups have it, Kubernetes' own go first, in the server's order: `events` are those of the core group. When only others
 * have it, which kubectl decides by their names, it is an ApiError `bad-request` that lists them. A name that nothing has is `not-found`,
 * with what is like it, and with the versions that could not be looked into.
 */
export function findResource(discovery: Discovery, name: string): DiscoveredResource {
  const resources = discovery.groups
    .flatMap(({ versions }) => versions.flatMap(({ resources }) => resources))
    .filter(({ kind }) => kind !== "");
  for (const { word, group, version } of readingsOf(name)) {
    const there = resources.filter(
      (each) => each.group === (group ?? each.group) && each.version === (version ?? each.version),
    );
    const matches = tiers
      .map((wordsOf) => there.filter((each) => wordsOf(each).includes(word)))
      .find(({ length }) => length > 0);
    if (matches) return firstOf(matches, name);
  }
  throw new ApiError("not-found", notFoundWords(discovery, resources, name));
}

/** The same as a Resource, for `list`, `get` and `watch`. */
export function resourceOf(discovery: Discovery, name: string): Resource {
  const { group, version, plural, kind, namespaced } = findResource(discovery, name);
  return { group, version, plural, kind, namespaced };
}

/** What a resource goes by, what is meant most clearly first. */
const tiers: readonly ((resource: DiscoveredResource) => readonly string[])[] = [
  ({ plural, singular }) => [plural, singular],
  ({ shortNames }) => shortNames,
  ({ kind }) => [kind.toLowerCase()],
];

interface Reading {
  readonly word: string;
  /** Any, if undefined. */
  readonly group?: string;
  readonly version?: string;
}

/** With two dots it may be either. The order is that of ParseResourceArg, k8s.io/apimachinery/pkg/runtime/schema/group_version.go. */
function readingsOf(name: string): readonly Reading[] {
  const [word = "", ...rest] = name.toLowerCase().split(".");
  const [version = "", ...group] = rest;
  if (rest.length === 0) return [{ word }];
  const grouped = { word, group: rest.join(".") };
  return group.length === 0 ? [grouped] : [{ word, version, group: group.join(".") }, grouped];
}

function firstOf(matches: readonly DiscoveredResource[], name: string): DiscoveredResource {
  const preferred = matches.filter(
    ({ group, version }) => version === matches.find((each) => each.group === group)?.version,
  );
  const own = preferred.find(({ group }) => isKubernetes(group));
  const [found, ...others] = own ? preferred.filter(({ group }) => group === own.group) : preferred;
  if (found && others.length === 0) return found;
  throw new ApiError("bad-request", `"${name}" may be any of ${list(preferred.map(fullName))}: say which`);
}

/** The groups that no one else has: those of a CustomResourceDefinition have a dot, and for these domains need Kubernetes' approval. */
function isKubernetes(group: string): boolean {
  return !group.includes(".") || /\.(k8s|kubernetes)\.io$/.test(group);
}

function notFoundWords({ unavailable }: Discovery, resources: readonly DiscoveredResource[], name: string): string {
  const [{ word } = { word: "" }] = readingsOf(name);
  const wordsOf = (resource: DiscoveredResource) => tiers.flatMap((words) => words(resource));
  const same = resources.filter((resource) => wordsOf(resource).includes(word));
  const like = same.length > 0 ? same : resources.filter((each) => wordsOf(each).some((other) => isLike(other, word)));
  const failed = unavailable.map(({ group, version, reason }) => `${groupVersion(group, version)} (${reason})`);
  return [
    `the server has no resource "${name}"`,
    ...(like.length === 0 ? [] : [`like it: ${list(like.map(fullName))}`]),
    ...(failed.length === 0 ? [] : [`not looked into, since unavailable: ${list(failed)}`]),
  ].join("; ");
}

/** A name that finds this resource, and of the others none. */
function fullName({ group, version, plural }: DiscoveredResource): string {
  return group === "" ? plural : `${plural}.${version}.${group}`;
}

/** So that a message stays one. */
const mostListed = 6;

function list(names: readonly string[]): string {
  const rest = names.length - mostListed;
  return names.slice(0, mostListed).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
