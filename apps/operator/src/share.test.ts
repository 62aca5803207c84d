import { type FakeClock, fakeClock } from "@metadata-mirror/api-client";
import { pino } from "pino";
import { expect, test } from "vitest";
import { awaitChange } from "./runtime/action.ts";
import { createShare, type Share } from "./share.ts";
import { shardOf } from "./shards/spread.ts";
import { leaseServer } from "./testing/lease-server.ts";

const mirrors = Array.from({ length: 40 }, (_, i) => ({ namespace: "shop", name: `peers-${i}` }));

/** Replicas of one API server, each with what it was told has turned. */
function cluster(shards: number) {
  const clock: FakeClock = fakeClock(Date.parse("2026-11-23T18:00:00Z"));
  const server = leaseServer(clock);
  function start(identity: string) {
    const turned: string[] = [];
    const share = createShare({
      // eslint-disable-next-line -- a part of a client is what Leases take
      client: server.connect({ delay: () => 5, running: () => Promise.resolve() }) as Parameters<
        typeof createShare
      >[0]["client"],
      config: { namespace: "operators", shards },
      identity,
      clock,
      random: () => 0.5,
      log: pino({ level: "silent" }),
      onTurn: (isConcerned) => turned.push(...mirrors.filter(isConcerned).map(({ name }) => name)),
      onFault: () => undefined,
      signal: new AbortController().signal,
    });
    share.begin();
    return { share, turned };
  }
  return { clock, start };
}

const ours = (share: Share) => mirrors.filter(share.isOurs);
