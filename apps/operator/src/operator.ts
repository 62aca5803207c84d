import { type ApiClient, type Clock, createBackoff } from "@metadata-mirror/api-client";
import type { MetadataMirror } from "@metadata-mirror/metadata-model";
import { serveHealth } from "@metadata-mirror/service";
import type { Logger } from "pino";
import type { OperatorConfig } from "./config.ts";
import { createEventing } from "./eventing.ts";
import { createMetrics } from "./metrics.ts";
import { createHandler } from "./mirror/handler.ts";
import { keyOf, namespaceOf } from "./mirror/interest.ts";
import { tellingOfErrors } from "./mirror/broken.ts";
import { createReconciler } from "./mirror/reconciler.ts";
import { startSources } from "./mirror/sources.ts";
import { createStatusWriter } from "./mirror/status-writer.ts";
import { createStores } from "./mirror/stores.ts";
import { createStrays } from "./mirror/strays.ts";
import { observe } from "./observe.ts";
import { reportPermissions } from "./permissions.ts";
import { createRefresh } from "./refresh.ts";
import { createReports } from "./reports.ts";
import { createByteBudget } from "./runtime/byte-budget.ts";
import { runController } from "./runtime/controller.ts";
import { createPropagation } from "./runtime/propagation.ts";
import { createQuiet } from "./runtime/quiet.ts";
import { createWorkQueue } from "./runtime/work-queue.ts";
import { createShare } from "./share.ts";
import { createWatching } from "./watching.ts";

/** By then the first lists are there, or something is amiss. */
const permissionsAfterMs = 5_000;

export interface OperatorOptions {
  readonly client: ApiClient;
  readonly config: OperatorConfig;
  readonly clock: Clock;
  /** How long the processor has worked for this thread, in milliseconds. */
  readonly processor: () => number;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly log: Logger;
  /** Who we are in Events: the name of the pod or of the host. */
  readonly instance: string;
  /** Who we are among replicas, a name that no other process has: see `identityOf`. */
  readonly identity: string;
  /** Gives memory back to the system that only the start has needed: called once, when its passes are over. */
  readonly giveBack: () => void;
  /** Stops the operator: passes that are under way are finished. */
  readonly signal: AbortSignal;
}

/** What the start asks for is written once no ConfigMap has changed for `quietMs`; where some always do, in `mostMs` after the first lists. */
const startBounds = { quietMs: 5_000, mostMs: 20_000 };

/**
 * Runs the operator until `signal` is aborted, and resolves once it has stopped: no write is under way then. It's the data-flow line in
 * one place: sources fill the stores, the handler turns their changes into keys, and the controller hands the keys to the
 * reconciler, none before what it is made from is in the stores.
 *
 * @throws where the port of the probes is taken.
 */
export async function runOperator(options: OperatorOptions): Promise<void> {
  const { config, clock, random, log, instance, identity } = options;
  const crash = new AbortController();
  const signal = AbortSignal.any([options.signal, crash.signal]);
  const backoff = () => createBackoff({ initialMs: 20, maxMs: 30_000, random });
  const queue = createWorkQueue({ clock, backoff, groupOf: namespaceOf, signal });
  /** The mirror may be different from what its ConfigMaps show. */
  const look = (key: string) => {
    watching.woken(key);
    queue.add(key);
  };
  const lookAt = (mirrors: Iterable<MetadataMirror>) => {
    for (const mirror of mirrors) look(keyOf(mirror));
  };
  /** A watch told of something that it may not show yet. */
  const hear = (key: string) => {
    propagation.received(key);
    look(key);
  };
  const propagation = createPropagation({ clock, onShown: (ms) => metrics.propagation.observe(ms / 1000) });
  const refresh = createRefresh({
    clock,
    backoff,
    perSecond: config.refreshQps,
    workers: config.workers,
    onTurn: (namespace) => lookAt(stores.mirrors.inNamespace(namespace)),
    signal,
  });
  const { leases } = config;
  const metrics = createMetrics({
    mirrors: () => queue.depth,
    oldestMs: () => queue.oldestMs,
    coalesced: () => propagation.coalesced,
    pods: () => refresh.waiting,
    owned: () => watching.ours().length,
    leases: leases && (() => ({ ...share.leases, of: leases.shards })),
  });
  const reports = createReports(metrics, log);
  const quiet = createQuiet(clock);
  const stores = createStores(
    (all) => [
      { configMap: () => quiet.heard() },
      createHandler(hear),
      refresh.listener(all),
      // it's there before the first of the changes
      {
        mirror: (change) => sources.pods.listener.mirror(change),
        grant: (change) => sources.pods.listener.grant(change),
        configMap: (change) => sources.pods.listener.configMap(change),
      },
      {
        mirror: (change) => strays.listener.mirror(change),
        configMap: (change) => strays.listener.configMap(change),
      },
    ],
    reports.onThrow,
  );
  const watching = createWatching({
    client: options.client,
    clock,
    log,
    registry: metrics.registry,
    mirrors: stores.mirrors,
    isOurs: (mirror) => share.isOurs(mirror),
    isOpen: (mirror, namespace) => sources.pods.isOpen(mirror, namespace),
    nodesReadable: () => nodesReadable,
    wake: (key) => queue.add(key),
  });
  const { client } = watching;
  let ready = false;
  let nodesReadable = true;
  await using health =
    config.healthPort === undefined
      ? undefined
      : await serveHealth({
          port: config.healthPort,
          registry: metrics.registry,
          waitsFor() {
            const fault = watching.fault();
            return ready ? undefined : `the first lists${fault === undefined ? "" : `: ${fault}`}`;
          },
          stalled: watching.stalled,
        });

  await using share = createShare({
    client,
    config: config.leases,
    identity,
    clock,
    random,
    log,
    onTurn(isConcerned) {
      sources.pods.replan();
      for (const mirror of stores.mirrors.all()) {
        if (!isConcerned(mirror)) continue;
        look(keyOf(mirror));
        refresh.follow(mirror);
      }
    },
    onFault: ({ code }) => metrics.leaseFaults.inc({ code }),
    signal,
  });
  const sources = startSources({
    client,
    clock,
    stores,
    namespaces: config.namespaces,
    isFollowed: share.isFollowed,
    wake: hear,
    observer: observe(metrics, log),
    onNodesReadable(readable) {
      if (readable !== nodesReadable) lookAt(stores.mirrors.all());
      nodesReadable = readable;
    },
    signal,
  });
  // nothing waits for the answers, and the first lists would wait for the questions
  const permissionsReported = clock
    .sleep(permissionsAfterMs, signal)
    .then(() => reportPermissions({ api: client, config, log, signal }));
  // a watch ends by the signal only: one that ends by an error takes the process down, rather than fall silent
  sources.ended.catch(() => crash.abort());

  const strays = createStrays({ client, stores, isOurs: share.isOurs });
  const eventing = createEventing({ client, clock, instance, metrics, log });
  const budget = createByteBudget({
    clock,
    perSecond: config.writeBytesPerSecond,
    perNamespacePerSecond: config.namespaceWriteBytesPerSecond,
  });
  const writeStatus = createStatusWriter({
    client,
    clock,
    mirrors: stores.mirrors,
    isOurs: share.isOurs,
    announce: eventing.announce,
  });
  const reconcile = createReconciler({
    stores,
    sight: {
      isOurs: share.isOurs,
      covers: sources.pods.covers,
      seesMounts: sources.pods.seesMounts,
      reachable: (namespace) => config.namespaces?.includes(namespace) ?? true,
      nodesReadable: () => nodesReadable,
      staleness: watching.staleness,
      refreshRefused: (namespace) => refresh.isRefused(namespace),
    },
    context: { client, configMaps: stores.configMaps },
    writeStatus,
    budget,
    clock,
    processor: options.processor,
    minWriteIntervalMs: config.minWriteIntervalMs,
    onPass(report) {
      const { key, written, problems, inSync } = report;
      if (inSync) watching.settled(key);
      // what a problem stands in the way of waits for a person, for however long
      if (inSync || problems.length > 0) propagation.settled(key, inSync && written > 0);
      reports.onPass(report);
    },
    onThrottle: reports.onThrottle,
  });

  // also who stands by is ready: a roll-out waits for that, and those that it replaces hold the shards
  void Promise.all([sources.ready, share.listed]).then(() => {
    if (signal.aborted) return;
    ready = true;
    log.info({ mirrors: stores.mirrors.size, pods: stores.pods.size, healthPort: health?.port }, "ready");
  });
  await Promise.race([sources.listed, sources.ended.catch(() => undefined)]);
  share.begin();
  void sources.ready
    .then(() => quiet.come(startBounds, signal))
    .then(() => signal.aborted || options.giveBack())
    .catch((error: unknown) => log.warn({ err: error }, "what the start took could not be given back"));
  const passes = watching.ofPasses(propagation.ofPasses(strays.of(reconcile)));
  const refreshed = refresh.run({ client, stores, record: eventing.record, budget, metrics, log, share });
  await runController({
    queue,
    reconcile: share.ofMirrors(tellingOfErrors(passes, { stores, clock, writeStatus })),
    workers: config.workers,
    onError: reports.onPassFailed,
  });
  await Promise.all([refreshed, sources.ended, permissionsReported]);
  log.info("stopped");
}
