import { type ApiClient, ApiError, type Clock, createBackoff } from "@metadata-mirror/api-client";
import type { Logger } from "pino";
import { told } from "./fault-log.ts";
import type { Metrics } from "./metrics.ts";
import type { RecordEvent } from "./mirror/events.ts";
import { createFixedUses } from "./mirror/fixed-uses.ts";
import { namespaceOf } from "./mirror/interest.ts";
import { createRefreshAgenda } from "./mirror/refresh-agenda.ts";
import { createRefreshHandler } from "./mirror/refresh-handler.ts";
import { createRefresher } from "./mirror/refresher.ts";
import { createRefusals } from "./mirror/refusals.ts";
import type { Listener, Stores } from "./mirror/stores.ts";
import { runController } from "./runtime/controller.ts";
import { createRateLimiter } from "./runtime/rate-limiter.ts";
import { createWorkQueue } from "./runtime/work-queue.ts";

export interface RefreshOptions {
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
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
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** What tells the pods that mount our ConfigMaps of changes. */
export interface Refresh {
  /** Hears of what may have to be told. */
  listener(stores: Stores): Listener;
  /** Whether the API server refuses to have pods of the namespace refreshed. */
  isRefused(namespace: string): boolean;
  /** How many pods are yet to be told of a change. */
  readonly waiting: number;
  /** Tells pods until the signal is aborted, and resolves once no patch is under way. Every store is to have its first list by then. */
  run(context: RefreshContext): Promise<void>;
}

/** The wiring of the refresher: its queue, in which namespaces take turns, its rate, and what is told of it. */
export function createRefresh({ clock, random, perSecond, workers, onTurn, signal }: RefreshOptions): Refresh {
  const backoff = () => createBackoff({ initialMs: 20, maxMs: 30_000, random });
  const queue = createWorkQueue({ clock, backoff, groupOf: namespaceOf, signal });
  const agenda = createRefreshAgenda(queue, clock);
  const refusals = createRefusals({
    clock,
    onTurn(namespace, keys) {
      for (const key of keys) agenda.wake(key);
      onTurn(namespace);
    },
  });
  return {
    listener: (stores) => createRefreshHandler(stores, agenda),
    isRefused: (namespace) => refusals.isRefused(namespace),
    get waiting() {
      return agenda.owed;
    },
    run: ({ client, stores, record, metrics, log }) =>
      runController({
        queue,
        workers,
        limiter: createRateLimiter({ clock, perSecond, signal }),
        reconcile: createRefresher({
          client,
          clock,
          stores,
          agenda,
          refusals,
          fixedUses: createFixedUses(record),
          onPatch(key, lagMs) {
            metrics.refreshes.inc();
            if (lagMs !== undefined) metrics.refreshLag.observe(lagMs / 1000);
            log.debug({ pod: key, lagMs }, "refreshed");
          },
          onRefused(key, fault) {
            metrics.refreshRefusals.inc({ namespace: namespaceOf(key) });
            // in the API server's words once, until that turns
            const level = refusals.isRefused(namespaceOf(key)) ? "debug" : "warn";
            log[level](
              { pod: key, ...told(fault) },
              "pods of the namespace may not be refreshed, it will be tried again",
            );
          },
        }),
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
