import { type ApiClient, ApiError, type Backoff, type Clock } from "@metadata-mirror/api-client";
import type { MetadataMirror } from "@metadata-mirror/metadata-model";
import type { Logger } from "pino";
import { told } from "./fault-log.ts";
import type { Metrics } from "./metrics.ts";
import type { RecordEvent } from "./mirror/events.ts";
import { createFixedUses } from "./mirror/fixed-uses.ts";
import { namespaceOf } from "./mirror/interest.ts";
import { createRefreshAgenda } from "./mirror/refresh-agenda.ts";
import { createRefreshCharges } from "./mirror/refresh-charges.ts";
import { createRefreshHandler } from "./mirror/refresh-handler.ts";
import { createRefresher } from "./mirror/refresher.ts";
import { createRefusals } from "./mirror/refusals.ts";
import type { Listener, Stores } from "./mirror/stores.ts";
import type { ByteBudget } from "./runtime/byte-budget.ts";
import { runController } from "./runtime/controller.ts";
import { createRateLimiter } from "./runtime/rate-limiter.ts";
import { createWorkQueue } from "./runtime/work-queue.ts";
import type { Share } from "./share.ts";

export interface RefreshOptions {
  readonly clock: Clock;
  /** Makes the backoff of one pod. */
  readonly backoff: () => Backoff;
  /** Pods that are told of a change a second. */
  readonly perSecond: number;
  readonly workers: number;
  /** The API server refuses to have the pods of the namespace refreshed, or no longer. */
  readonly onTurn: (namespace: string) => void;
  readonly signal: AbortSignal;
}

interface RefreshContext {
  readonly client: ApiClient;
  readonly stores: Stores;
  readonly record: RecordEvent;
  /** What the writes of ConfigMaps are charged to, too. */
  readonly budget: ByteBudget;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Whose consumers are ours to tell. */
  readonly share: Pick<Share, "isOurs" | "ofPods">;
}

/** What tells the pods that mount our ConfigMaps of changes. */
export interface Refresh {
  /** Hears of what may have to be told. */
  listener(stores: Stores): Listener;
  /** The mirror came to us: its consumers may have to be told. */
  follow(mirror: MetadataMirror): void;
  /** Whether the API server refuses to have pods of the namespace refreshed. */
  isRefused(namespace: string): boolean;
  /** How many pods are yet to be told of a change. */
  readonly waiting: number;
  /** Tells pods until the signal is aborted, and resolves once no patch is under way. Every store is to have its first list by then. */
  run(context: RefreshContext): Promise<void>;
}

/** The wiring of the refresher: its queue, in which namespaces take turns, its rate, and what is told of it. */
export function createRefresh({ clock, backoff, perSecond, workers, onTurn, signal }: RefreshOptions): Refresh {
  const queue = createWorkQueue({ clock, backoff, groupOf: namespaceOf, signal });
  const agenda = createRefreshAgenda(queue, clock);
  const refusals = createRefusals({
    clock,
    onTurn(namespace, keys) {
      for (const key of keys) agenda.wake(key);
      onTurn(namespace);
    },
  });
  let handler: Listener | undefined;
  return {
    listener(stores) {
      handler = createRefreshHandler(stores, agenda);
      return handler;
    },
    follow: (mirror) => handler?.mirror?.({ before: undefined, after: mirror }),
    isRefused: (namespace) => refusals.isRefused(namespace),
    get waiting() {
      return agenda.owed;
    },
    run: ({ client, stores, record, budget, metrics, log, share }) =>
      runController({
        queue,
        workers,
        limiter: createRateLimiter({ clock, perSecond, signal }),
        reconcile: share.ofPods(
          createRefresher({
            client,
            clock,
            stores,
            isOurs: share.isOurs,
            agenda,
            refusals,
            charges: createRefreshCharges({
              budget,
              clock,
              wake: (key) => agenda.wake(key),
              onHeld(key, waitMs) {
                metrics.throttled.inc({ namespace: namespaceOf(key) });
                log.debug({ pod: key, waitMs }, "a refresh is held back by the byte budget");
              },
            }),
            fixedUses: createFixedUses(record),
            onPatch(key, lagMs) {
              metrics.refreshes.inc();
              if (lagMs !== undefined) metrics.refreshLag.observe(lagMs / 1000);
              log.debug({ pod: key, lagMs }, "refreshed");
            },
            onRefused(key, fault) {
              metrics.refreshRefusals.inc({ namespace: namespaceOf(key) });
              // in the API server's words once, until that turns
              const level = refusals.isKnown(key) ? "debug" : "warn";
              log[level]({ pod: key, ...told(fault) }, "the pod may not be refreshed, it will be tried again");
            },
            onInvalid(key, fault) {
              metrics.refreshRefusals.inc({ namespace: namespaceOf(key) });
              log.warn(
                { pod: key, ...told(fault) },
                "the API server takes no annotation of the pod, it will be tried again when the pod or what it mounts changes: see that its annotations are below 256 KiB",
              );
            },
          }),
        ),
        onError(key, error, retryInMs) {
          const fault = told(ApiError.from(error));
          log.warn(
            { pod: key, ...fault, retryInMs: Math.round(retryInMs) },
            "a refresh failed, it will be tried again",
          );
        },
      }),
  };
}
