import { Counter, type Registry } from "prom-client";
import { gauge, metricName } from "./metric.ts";
import type { Stream } from "./runtime/freshness.ts";

/** A mirror, and until when it was known to equal the truth, in milliseconds since the epoch; undefined where that isn't known. */
interface ProvenMirror {
  readonly namespace: string;
  readonly name: string;
  readonly until: number | undefined;
}

/** What is looked at when the metrics are asked for. */
export interface WatchState {
  readonly streams: () => readonly Stream[];
  /** Those that are ours to keep. */
  readonly mirrors: () => Iterable<ProvenMirror>;
  /** How many of those depend on a watch that is late. */
  readonly stale: () => number;
}

/** What is counted as it happens. */
export interface WatchMetrics {
  readonly relists: Counter<"resource" | "reason">;
}

/** Metrics of the watches, and of what follows from them, in `registry`. Of two watches of one resource and scope the one that is behind counts. */
export function createWatchMetrics(registry: Registry, { streams, mirrors, stale }: WatchState): WatchMetrics {
  function perStream(suffix: string, help: string, value: (stream: Stream) => number | undefined): void {
    gauge(registry, suffix, help, ["resource", "scope"], (to) => {
      for (const stream of worst(streams())) {
        const { resource, scope } = stream;
        const found = value(stream);
        if (found !== undefined) to.set({ resource, scope }, found / 1000);
      }
    });
  }

  perStream(
    "watch_last_contact_timestamp_seconds",
    "When the watch last proved to follow the API server: an event, a bookmark, a whole list, or that it was opened to go on.",
    ({ lastContact }) => lastContact,
  );
  perStream("watch_contact_age_seconds", "How long ago that was, or that the watch began.", ({ ageMs }) => ageMs);
  perStream(
    "watch_contact_bound_seconds",
    "What watch_contact_age_seconds is up to while all is well; it follows the bookmarks of the API server.",
    ({ boundMs }) => boundMs,
  );
  gauge(registry, "watches_open", "Watches that are open, rather than waiting for another try.", ["resource"], (to) => {
    for (const { resource, isOpen } of streams()) to.inc({ resource }, isOpen ? 1 : 0);
  });
  gauge(
    registry,
    "mirror_fresh_timestamp_seconds",
    "When the mirror was last known to equal the truth: nothing of it was pending, and each watch that it depends on followed.",
    ["namespace", "mirror"],
    (to) => {
      for (const { namespace, name: mirror, until } of mirrors())
        if (until !== undefined) to.set({ namespace, mirror }, until / 1000);
    },
  );
  gauge(registry, "mirrors_stale", "Mirrors of this replica that depend on a watch that follows no longer.", [], (to) =>
    to.set(stale()),
  );
  return {
    relists: new Counter({
      name: metricName("watch_relists_total"),
      help: "Watches that could not go on from where they were, by the code of the reason, and began anew.",
      labelNames: ["resource", "reason"],
      registers: [registry],
    }),
  };
}

/** Of each resource and scope the one that proved nothing for the longest time. */
function worst(streams: readonly Stream[]): Iterable<Stream> {
  const found = new Map<string, Stream>();
  for (const stream of streams) {
    const key = `${stream.resource} ${stream.scope}`;
    if ((found.get(key)?.ageMs ?? -1) < stream.ageMs) found.set(key, stream);
  }
  return found.values();
}
