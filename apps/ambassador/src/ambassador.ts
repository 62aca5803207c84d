import { type Clock, createConnection } from "@metadata-mirror/api-client";
import type { Credentials } from "@metadata-mirror/auth";
import { serveHealth } from "@metadata-mirror/service";
import type { Logger } from "pino";
import type { AmbassadorConfig } from "./config.ts";
import { firstContact } from "./first-contact.ts";
import { createHandler } from "./handler.ts";
import { listen, maxHeaderBytes } from "./listener.ts";
import { createMetrics } from "./metrics.ts";
import { createUpstream } from "./upstream.ts";

export interface AmbassadorOptions {
  readonly credentials: Credentials;
  readonly config: AmbassadorConfig;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Sets the process's file mode creation mask, and answers what it was. */
  readonly umask: (mask: number) => number;
  readonly log: Logger;
  /** Stops it: what is under way is finished, within the drain time. */
  readonly signal: AbortSignal;
  /** Stops it at once. */
  readonly now: AbortSignal;
}

/**
 * Runs the ambassador until `signal` aborts, and resolves once all that was under way is done or cut off. It is the wiring: a listener hands
 * what it takes to the handler, which sends it on to the API server. It serves from the start, and is ready once the API server has
 * answered; that it is away later is for the answers to say, not for the probes, which would take the whole pod down with it.
 *
 * @throws where a port, or the path of the socket, is taken.
 */
export async function runAmbassador(options: AmbassadorOptions): Promise<void> {
  const { credentials, config, clock, random, log, signal, now, umask } = options;
  await using connection = createConnection(credentials, { answerTimeoutMs: config.answerTimeoutMs, maxHeaderBytes });
  const upstream = createUpstream(credentials, connection);
  let underWay = () => 0;
  const metrics = createMetrics(() => underWay());

  let hasAnswered = false;
  const waitsFor = (): string | undefined => {
    if (signal.aborted) return "its end";
    return hasAnswered ? undefined : "the API server";
  };
  await using health =
    config.healthPort === undefined
      ? undefined
      : await serveHealth({ port: config.healthPort, registry: metrics.registry, waitsFor });

  const handler = createHandler({ config, upstream, metrics, clock, log });
  const listener = await listen({ address: config.address, clock, umask, ...handler });
  ({ underWay } = listener);
  const { readOnly } = config.filter;
  log.info({ on: listener.where, to: upstream.origin, readOnly, healthPort: health?.port }, "serving");

  const contact = firstContact({
    upstream,
    clock,
    random,
    signal,
    onFault: (fault, retryInMs) =>
      log.warn({ fault: fault.message, retryInMs: Math.round(retryInMs) }, "the API server can't be used yet"),
  });
  // not until it has given up: reading a token may take for ever
  await Promise.race([contact, aborted(signal)]);
  hasAnswered = !signal.aborted;
  if (hasAnswered) log.info("ready");
  await aborted(signal);
  log.info({ underWay: underWay() }, "stopping");
  await listener.drain(config.drainTimeoutMs, now);
  log.info("stopped");
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
