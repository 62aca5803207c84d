import { leaseDurationMs, renewDeadlineMs } from "../runtime/lease.ts";
import type { Audited } from "./audit-log.ts";
import { isStored, revisionOf, type Term, termsOf } from "./terms.ts";

export interface Case {
  readonly log: readonly Audited[];
  /** Whether the writes of this user or pod are to be judged: it's a replica. */
  readonly isReplica: (by: string) => boolean;
  /** The Lease of the mirror of a namespace, of which there is one in each. */
  readonly leaseOf: (namespace: string) => string;
  /** When the replica went on after a SIGSTOP, in milliseconds since 1970. */
  readonly resumedAt: (by: string) => readonly number[];
}

/** What an audit log shows of those who write. */
export interface Verdict {
  /** A sentence for each rule that was broken. */
  readonly objections: readonly string[];
  /** Writes of ConfigMaps and of the status of mirrors that were stored. */
  readonly writes: number;
  /** Those of them that were stored after the writer's term: sent, or about to be, when it ended. */
  readonly late: number;
  /** Writes that the API server refused since the object was another by then. */
  readonly refused: number;
  readonly terms: readonly Term[];
}

/** A write may be on its way for so long, from when its sender was seen to hold the Lease until the API server has it, in milliseconds. */
const onTheWayMs = 2_000;
/** The times of a log are of one clock, but of different moments of a request: they're not compared more exactly than this, in milliseconds. */
const toleranceMs = 50;

/** A write of a ConfigMap, or of the status of a mirror, that was stored. */
interface Stored extends Audited {
  readonly lease: string;
  /** The resourceVersion by which it was stored, and that which it was made from, its precondition: 0 of a creation, which wants nothing to be there. */
  readonly revision: number;
  readonly base: number | undefined;
}

/**
 * Judges each write of a ConfigMap and of a mirror's status by a replica that was stored:
 * 1. It has a precondition, and nobody has written the object between that version and the write: no update is lost.
 * 2. Its writer held the Lease of the mirror before, and the version that it was made from is older than the end of that term. So whoever has the
 *    Lease next never finds an older state over one that he has written.
 * 3. The API server had it within 10 s of the last renewal, or right after the writer went on from being stopped.
 * And of each Lease: nobody took it from its holder within 15 s of the last renewal. Removals aren't judged: the log doesn't say when they were stored.
 */
export function judge(found: Case): Verdict {
  const { log, isReplica } = found;
  const terms = termsOf(log);
  const stored = storedWrites(found);
  const byReplicas = stored.filter(({ by, resource }) => isReplica(by) && isJudged(resource));
  const refused = log.filter(({ by, resource, status }) => isReplica(by) && isJudged(resource) && status === 409);
  const late = byReplicas.filter((write) => (termBefore(write, terms)?.until ?? 0) < write.revision);
  return {
    objections: [
      ...byReplicas.flatMap((write) => objectionsTo(write, stored, terms, found)),
      ...terms.flatMap((term) => hasty(term, terms)),
    ],
    writes: byReplicas.length,
    late: late.length,
    refused: refused.length,
    terms,
  };
}

function isJudged(resource: string): boolean {
  return resource === "configmaps" || resource === "metadatamirrors/status";
}

/** What changed a ConfigMap or a mirror, in the order in which it was stored. */
function storedWrites({ log, leaseOf }: Case): readonly Stored[] {
  return log
    .filter((request) => ["configmaps", "metadatamirrors"].includes(kindOf(request)) && isStored(request))
    .map((write) => ({ ...write, lease: leaseOf(write.namespace), revision: revisionOf(write), base: baseOf(write) }))
    .filter(({ revision, base }) => revision !== base)
    .toSorted((a, b) => a.revision - b.revision);
}

function baseOf({ verb, sent }: Audited): number | undefined {
  if (verb === "create") return 0;
  const version = sent?.metadata?.resourceVersion;
  return version === undefined ? undefined : Number(version);
}

/** The last term of the writer that had begun when the write was stored. */
function termBefore({ lease, by, revision }: Stored, terms: readonly Term[]): Term | undefined {
  return terms.findLast((term) => term.lease === lease && term.holder === by && term.from < revision);
}

function objectionsTo(write: Stored, all: readonly Stored[], terms: readonly Term[], { resumedAt }: Case): string[] {
  const { by, verb, resource, namespace, name, revision, base, receivedAt } = write;
  const what = `${by}: ${verb} ${resource} ${namespace}/${name} at ${revision}`;
  if (base === undefined) return [`${what} has no precondition`];
  const term = termBefore(write, terms);
  if (term === undefined) return [`${what} by who has not held ${write.lease}`];

  const objections: string[] = [];
  const unseen = all.find((other) => isSameObject(other, write) && other.revision > base && other.revision < revision);
  if (unseen !== undefined) objections.push(`${what} is over what ${unseen.by} wrote at ${unseen.revision}`);
  if (base > term.until)
    objections.push(`${what} was made from ${base}, after its writer's term ended at ${term.until}`);
  const ages = terms
    .filter(({ lease, holder }) => lease === write.lease && holder === by)
    .flatMap(({ renewedAt }) => renewedAt)
    .map((renewedAt) => receivedAt - renewedAt);
  const ageMs = Math.min(...ages.filter((age) => age >= -toleranceMs));
  const isResumed = resumedAt(by).some((at) => receivedAt >= at && receivedAt - at < onTheWayMs);
  if (ageMs > renewDeadlineMs + onTheWayMs && !isResumed)
    objections.push(`${what} came ${ageMs} ms after the last renewal`);
  return objections;
}

/** The resource without the subresource. */
function kindOf({ resource }: Audited): string {
  return resource.split("/")[0] ?? "";
}

function isSameObject(a: Audited, b: Audited): boolean {
  return a.namespace === b.namespace && a.name === b.name && kindOf(a) === kindOf(b);
}

/** An objection where the term began too soon after the one before, whose holder had not ended it. */
function hasty({ lease, holder, from, renewedAt }: Term, terms: readonly Term[]): string[] {
  const before = terms.find((term) => term.lease === lease && term.until === from);
  const waitedMs = (renewedAt[0] ?? 0) - (before?.renewedAt.at(-1) ?? Number.NEGATIVE_INFINITY);
  if (waitedMs >= leaseDurationMs - toleranceMs) return [];
  return [`${holder} took ${lease} from ${before?.holder} ${waitedMs} ms after its last renewal`];
}
