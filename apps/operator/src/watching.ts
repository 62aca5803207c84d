import { type ApiClient, type Clock, nodes } from "@metadata-mirror/api-client";
import type { MetadataMirror } from "@metadata-mirror/metadata-model";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import { createDependence, type Dependence, type DependenceOptions } from "./mirror/dependence.ts";
import { keyOf } from "./mirror/interest.ts";
import { createProofs, type Proofs } from "./mirror/proofs.ts";
import { mirrorOf, type Stores } from "./mirror/stores.ts";
import { createFreshness, type Freshness, type Stream, type Turn } from "./runtime/freshness.ts";
import { tracked } from "./runtime/tracked.ts";
import { createWatchMetrics } from "./watch-metrics.ts";

export interface WatchingOptions extends Omit<DependenceOptions, "freshness"> {
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly log: Logger;
  readonly registry: Registry;
  readonly mirrors: Stores["mirrors"];
  readonly isOurs: (mirror: MetadataMirror) => boolean;
  /** The mirror's status is to tell of a watch that has turned. */
  readonly wake: (key: string) => void;
}

/** The proof that what mirrors are made from is fresh, and what is told of it. */
export interface Watching extends Pick<Freshness, "fault" | "stalled">, Pick<Dependence, "staleness">, Proofs {
  /** The client that all watches are to be made with. */
  readonly client: ApiClient;
  /** The mirrors that are ours to keep. */
  readonly ours: () => readonly MetadataMirror[];
}

/** The wiring of it. */
export function createWatching(options: WatchingOptions): Watching {
  const { clock, log, registry, mirrors, isOurs, wake } = options;
  const freshness = createFreshness({ clock, onTurn });
  const dependence = createDependence({ ...options, freshness });
  const ourMirror = (key: string) => {
    const mirror = mirrorOf(key, options);
    return mirror !== undefined && isOurs(mirror) ? mirror : undefined;
  };
  const proofs = createProofs({
    isKept: (key) => ourMirror(key) !== undefined,
    toldUntil(key) {
      const mirror = ourMirror(key);
      return mirror && dependence.toldUntil(mirror);
    },
  });
  const ours = () => [...mirrors.all()].filter(isOurs);
  /** Nodes that the operator may not read are nothing that it follows: who gave it no right to wants it so. */
  const isFollowed = ({ resource }: Stream) => resource !== nodes.plural || options.nodesReadable();
  const { relists } = createWatchMetrics(registry, {
    streams: () => freshness.streams().filter(isFollowed),
    mirrors: () =>
      ours().map((mirror) => ({ namespace: mirror.namespace, name: mirror.name, until: proofs.until(keyOf(mirror)) })),
    stale: () => ours().filter((mirror) => dependence.streams(mirror).some(({ isLate }) => isLate)).length,
  });

  function onTurn(stream: Stream, turn: Turn): void {
    if (!isFollowed(stream)) return;
    const { resource, scope, staleFault: fault } = stream;
    const where = { resource, namespace: scope };
    if (turn === "fresh") log.info(where, "a watch follows the API server again");
    if (turn === "stale")
      log.error({ ...where, fault }, "a watch follows the API server no longer: its mirrors are stale");
    for (const mirror of ours()) if (dependence.isOn(mirror, stream)) wake(keyOf(mirror));
  }

  return {
    ...proofs,
    ours,
    client: tracked(options.client, freshness, ({ plural }, { code }) =>
      relists.inc({ resource: plural, reason: code }),
    ),
    fault: freshness.fault,
    stalled: freshness.stalled,
    staleness: dependence.staleness,
  };
}
