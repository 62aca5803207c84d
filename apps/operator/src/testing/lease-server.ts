import { ApiError, type FakeClock, type KubernetesObject, type WatchEvent } from "@metadata-mirror/api-client";
import { leases } from "../runtime/lease.ts";
import type { LeaseClient } from "../shards/lease-requests.ts";
import { refused } from "./fake-api.ts";

/** A network between one replica and the server. */
interface Link {
  /** Milliseconds that the next message takes, each way; undefined: it's lost. */
  readonly delay: () => number | undefined;
  /** Resolves once the replica runs: at once, unless it's stopped. */
  readonly running: () => Promise<void>;
}

/** Leases of an API server in memory, asked by several replicas over links that delay and lose. */
export interface LeaseServer {
  readonly connect: (link: Link) => LeaseClient;
  readonly names: () => string[];
  readonly find: (name: string) => KubernetesObject | undefined;
  /** Somebody deletes it by hand. */
  readonly end: (name: string) => void;
}

interface ServerEvent {
  readonly type: "apply" | "delete";
  readonly object: KubernetesObject;
  readonly at: number;
}

const noMessageMs = 30_000;

export function leaseServer(clock: FakeClock): LeaseServer {
  const stored = new Map<string, KubernetesObject>();
  const events: ServerEvent[] = [];
  const listeners = new Set<() => void>();

  function tell(event: Omit<ServerEvent, "at">): void {
    events.push({ ...event, at: clock.monotonic() });
    for (const listener of listeners) listener();
  }

  function put(object: KubernetesObject): KubernetesObject {
    const { name = "" } = object.metadata;
    const after = { ...object, metadata: { ...object.metadata, resourceVersion: String(events.length + 1) } };
    stored.set(name, after);
    tell({ type: "apply", object: after });
    return after;
  }

  function end(name: string): void {
    const object = stored.get(name);
    if (object === undefined) return;
    stored.delete(name);
    const metadata = { ...object.metadata, resourceVersion: String(events.length + 1) };
    tell({ type: "delete", object: { ...object, metadata } });
  }

  const refuse = (code: number, reason: string, name: string) =>
    refused("lease", { code, reason, message: `leases "${name}" ${reason}` });

  function existing(name: string): KubernetesObject {
    const object = stored.get(name);
    if (object === undefined) throw refuse(404, "NotFound", name);
    return object;
  }

  function connect({ delay, running }: Link): LeaseClient {
    async function message(signal: AbortSignal | undefined): Promise<void> {
      const ms = delay();
      await clock.sleep(ms ?? noMessageMs, signal);
      if (ms === undefined || signal?.aborted) throw new ApiError("timeout", "no answer");
    }

    /** A request, which may be lost before or after the server has done it. */
    async function ask<T>(signal: AbortSignal | undefined, act: () => T): Promise<T> {
      try {
        // what has been sent arrives whatever becomes of the sender
        const ms = delay();
        if (ms === undefined) await message(signal);
        await clock.sleep(ms ?? 0);
        const answer = act();
        await message(signal);
        return answer;
      } finally {
        await running();
      }
    }

    const check = (name: string, resourceVersion: string | undefined) => {
      const object = existing(name);
      if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion)
        throw refuse(409, "Conflict", name);
      return object;
    };

    async function* watch<T>(signal: AbortSignal, decode: (object: KubernetesObject) => T) {
      let next = events.length;
      const list = [...stored.values()];
      const version = String(next);
      await clock.sleep(delay() ?? 500, signal);
      await running();
      yield { type: "init" } as const;
      for (const object of list) yield { type: "initApply", object: decode(object) } as const;
      yield { type: "initDone", resourceVersion: version } as const;
      while (!signal.aborted) {
        const event = events[next];
        if (event === undefined) {
          const { promise, resolve } = Promise.withResolvers<void>();
          listeners.add(resolve);
          signal.addEventListener("abort", () => resolve(), { once: true });
          await promise;
          listeners.delete(resolve);
          continue;
        }
        next++;
        await clock.sleep(event.at + (delay() ?? 500) - clock.monotonic(), signal);
        await running();
        yield { type: event.type, object: decode(event.object) } as WatchEvent<T>;
      }
    }

    return {
      get: (_, { name }, { signal } = {}) => ask(signal, () => existing(name)),
      async *list(_, { signal } = {}) {
        yield await ask(signal, () => ({ items: [...stored.values()], resourceVersion: String(events.length) }));
      },
      create: (_, object, { signal } = {}) =>
        ask(signal, () => {
          const { name = "" } = object.metadata;
          if (stored.has(name)) throw refuse(409, "AlreadyExists", name);
          return put(object);
        }),
      patch: (_, { name }, patch, { signal } = {}) =>
        ask(signal, () => {
          const { metadata, spec } = patch as KubernetesObject;
          const before = check(name, metadata.resourceVersion);
          return put({ ...before, spec: { ...(before["spec"] as object), ...(spec as object) } });
        }),
      delete: (_, { name }, { resourceVersion, signal } = {}) =>
        ask(signal, () => {
          check(name, resourceVersion);
          end(name);
        }),
      watch: (resource, { signal, decode }) => {
        if (resource !== leases) throw new Error("there are Leases only");
        return watch(signal, decode);
      },
    };
  }

  return { connect, names: () => [...stored.keys()].sort(), find: (name) => stored.get(name), end };
}
