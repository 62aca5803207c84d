import type { ApiError, Clock } from "@metadata-mirror/api-client";
import type { Logger } from "pino";
import type { LeaseConfig } from "./config.ts";
import { keyOf } from "./mirror/interest.ts";
import type { Reconciler } from "./runtime/controller.ts";
import { createPasses } from "./runtime/passes.ts";
import type { LeaseClient } from "./shards/lease-requests.ts";
import { startOwnership } from "./shards/ownership.ts";
import { shardOf } from "./shards/spread.ts";

interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** Which mirrors are this replica's to keep: those of the shards whose Leases it holds. Disposing of it hands them over: nothing may be written by then. */
export interface Share extends AsyncDisposable {
  /** Asked for each pass, and right before each write: what isn't ours is neither planned nor written. */
  readonly isOurs: (mirror: Named) => boolean;
  /**
   * Whether the pods are to be watched that the mirror needs: also of a shard whose holder may have ended, and of one shard by all who stand by,
   * so that they need not list them first.
   */
  readonly isFollowed: (mirror: Named) => boolean;
  /** Reconcilers whose passes are waited for before a shard is handed over: of mirrors, and of pods that are told of changes. */
  readonly ofMirrors: (reconcile: Reconciler) => Reconciler;
  readonly ofPods: (reconcile: Reconciler) => Reconciler;
  /** Takes shards from now on: what it takes to work on them is there. */
  readonly begin: () => void;
  /** Resolves once the Leases were listed: never without the right to. */
  readonly listed: Promise<void>;
  /** How many shards we hold, and how long ago the Lease was renewed that wasn't for the longest time, in milliseconds. */
  readonly leases: { readonly shards: number; readonly unrenewedMs: number };
}

export interface ShareOptions {
  readonly client: LeaseClient;
  readonly config: LeaseConfig | undefined;
  /** Our name in Leases: see `identityOf`. */
  readonly identity: string;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly log: Logger;
  /** Mirrors came to us or left us, those for which it is true. */
  readonly onTurn: (isConcerned: (mirror: Named) => boolean) => void;
  readonly onFault: (fault: ApiError) => void;
  /** Once it has aborted no shard is taken any more. */
  readonly signal: AbortSignal;
}

/** What the names of the Leases begin with, and the value of their label. */
const prefix = "metadata-mirror";

const everything: Share = {
  isOurs: () => true,
  isFollowed: () => true,
  ofMirrors: (reconcile) => reconcile,
  ofPods: (reconcile) => reconcile,
  begin: () => undefined,
  listed: Promise.resolve(),
  leases: { shards: 0, unrenewedMs: 0 },
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** The share that Leases give, as `config` says; all there is without. */
export function createShare({ config, onTurn, ...options }: ShareOptions): Share {
  if (config === undefined) return everything;
  const { namespace, shards } = config;
  const [mirrors, pods] = [createPasses(), createPasses()];
  const shardOfKey = (key: string) => shardOf(key, shards);
  const coming = new Set<number>();
  /** Those whose pods are followed since their holder may have ended. */
  const awaited = new Set<number>();
  function turn(changed: Iterable<number>): void {
    const which = new Set(changed);
    if (which.size > 0) onTurn((mirror) => which.has(shardOfKey(keyOf(mirror))));
  }
  const ownership = startOwnership({
    ...options,
    namespace,
    shards,
    prefix,
    onChange({ gained, lost }) {
      const prepared = gained.filter((shard) => awaited.delete(shard));
      for (const shard of gained) if (!prepared.includes(shard)) coming.add(shard);
      for (const shard of lost) coming.delete(shard);
      turn([...lost, ...prepared]);
    },
    // at once for several shards that came as a surprise: each turn may take another list of pods
    onSettled() {
      turn(coming);
      coming.clear();
    },
    // so that their pods are there by when we may take them
    onDoubt(shards) {
      for (const shard of shards) awaited.add(shard);
      turn(shards);
    },
    async drain(shard) {
      await Promise.all([mirrors.end((key) => shardOfKey(key) === shard), pods.end()]);
    },
  });
  const isOurs = (mirror: Named) => ownership.owns(keyOf(mirror));
  return {
    isOurs,
    isFollowed: (mirror) => shards === 1 || isOurs(mirror) || ownership.isInDoubt(shardOfKey(keyOf(mirror))),
    ofMirrors: mirrors.of,
    ofPods: pods.of,
    begin: ownership.begin,
    listed: ownership.listed,
    get leases() {
      return { shards: ownership.held.length, unrenewedMs: ownership.unrenewedMs };
    },
    [Symbol.asyncDispose]: () => ownership[Symbol.asyncDispose](),
  };
}
