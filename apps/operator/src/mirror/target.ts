import { type ApiError, type Backoff, createBackoff } from "@metadata-mirror/api-client";
import type { ConfigMapState, WriteProblem } from "@metadata-mirror/metadata-model";
import type { Done } from "./write-plan.ts";

/** What is remembered of one ConfigMap of a mirror. Times are in milliseconds, on the monotonic clock. */
export interface Target {
  /** When it was last written; 0 where it never was. */
  writtenAt: number;
  /** What it was after our last write; undefined where that isn't known. */
  written: ConfigMapState | undefined;
  /** Somebody undid our last write, and it's not mended yet. */
  undone: boolean;
  /** Since when all peers that are to leave it are elsewhere too. */
  doubledSince: number | undefined;
  /** It may hold what a grant no longer shows. */
  urgent: boolean;
  /** Why the API server refused to have it written, and until when it's left alone. */
  refusal: { readonly problem: WriteProblem; readonly until: number } | undefined;
  /** Why the last write of it failed, by a fault that may pass. */
  fault: ApiError | undefined;
  /** Writes of it fail, or somebody keeps undoing them: when the next one may go. */
  strife: { readonly backoff: Backoff; until: number } | undefined;
}

/**
 * A ConfigMap that the API server refused to have written is left alone for so long, in milliseconds: what stands in the way (somebody's
 * ConfigMap, a quota, a missing right) goes without our watches telling.
 */
const refusedForMs = 10_000;

/** Strife is over when a ConfigMap was left in peace for so long, in milliseconds. */
const peaceAfterMs = 10_000;

/**
 * Peers that move are in both ConfigMaps for so long, in milliseconds: the kubelet watches each by itself, and is to have seen that one has
 * them before the other has them no longer.
 */
const doubledForMs = 2_000;

/** The target of that name, a new one where there is none. */
export function targetOf(targets: Map<string, Target>, name: string): Target {
  const known = targets.get(name);
  if (known !== undefined) return known;
  const target: Target = {
    writtenAt: 0,
    written: undefined,
    undone: false,
    doubledSince: undefined,
    urgent: false,
    refusal: undefined,
    fault: undefined,
    strife: undefined,
  };
  targets.set(name, target);
  return target;
}

/** Notes what stands in the place of `target`: somebody may have changed what we wrote. */
export function look(target: Target, found: ConfigMapState | undefined): void {
  if (!differs(target.written, found)) return;
  target.undone = true;
  target.written = undefined;
}

function differs(written: ConfigMapState | undefined, found: ConfigMapState | undefined): boolean {
  if (written === undefined || found === written) return false;
  if (found === undefined || found.placement !== written.placement || found.mirror !== written.mirror) return true;
  if (found.binaryKeys.length !== written.binaryKeys.length || found.own !== written.own) return true;
  if (JSON.stringify(found.ownerReferences) !== JSON.stringify(written.ownerReferences)) return true;
  const { digests } = found;
  return (
    digests.size !== written.digests.size || [...written.digests].some(([key, digest]) => digests.get(key) !== digest)
  );
}

/** Notes what became of a write of `target`. */
export function settle(target: Target, outcome: Done["outcome"], now: number): void {
  if (outcome.type === "held" || outcome.type === "untried") return;
  const fault = outcome.type === "failed" ? outcome.fault : undefined;
  if (target.undone || fault !== undefined) quarrel(target, now, fault?.retryAfterMs);
  target.undone = false;
  target.fault = fault;
  target.written = outcome.type === "written" ? outcome.state : undefined;
  if (outcome.type === "refused") target.refusal = { problem: outcome.problem, until: now + refusedForMs };
  if (outcome.type !== "written" && outcome.type !== "gone") return;
  target.urgent = false;
  target.writtenAt = now;
}

/**
 * A write of ours failed, or mended what somebody had undone. The next one is tried at once; then each waits for longer and
 * longer, up to 5 s, whatever changes meanwhile: two that undo each other's writes would else do it as fast as they can.
 */
function quarrel(target: Target, now: number, retryAfterMs = 0): void {
  // the queue spreads the passes of many mirrors that fail together
  const random = () => 0.5;
  const again = target.strife;
  target.strife = again ?? { backoff: createBackoff({ initialMs: 20, maxMs: 5_000, random }), until: now };
  if (again !== undefined || retryAfterMs > 0) target.strife.until = now + target.strife.backoff.next(retryAfterMs);
}

/**
 * Notes after a pass whether peers that are to leave `target` are all elsewhere too, so that it `waits` for nothing but time; and whether
 * it is still to be written, perhaps since they leave.
 */
export function noteDoubled(
  target: Target,
  { waits, leaves, now }: { readonly waits: boolean; readonly leaves: boolean; readonly now: number },
): void {
  const isLeaving = leaves && isLetGo(target, now);
  target.doubledSince = waits ? (target.doubledSince ?? now) : isLeaving ? target.doubledSince : undefined;
}

/** When peers that are elsewhere too may leave `target`; undefined where none are to. */
export function letsGoAt({ doubledSince }: Target): number | undefined {
  return doubledSince === undefined ? undefined : doubledSince + doubledForMs;
}

/** Whether peers that are elsewhere too may leave `target` now. */
export function isLetGo(target: Target | undefined, now: number): boolean {
  return target !== undefined && (letsGoAt(target) ?? Infinity) <= now;
}

/** Forgets what is over: refusals whose time has come, and strife. */
export function forgive(targets: Iterable<Target>, now: number): void {
  for (const target of targets) {
    if (target.refusal !== undefined && target.refusal.until <= now) target.refusal = undefined;
    if (target.strife !== undefined && target.strife.until + peaceAfterMs <= now) target.strife = undefined;
  }
}
