import type { ApiClient } from "@metadata-mirror/api-client";
import { expect } from "vitest";

/** A client that counts. */
export interface Counted {
  readonly client: ApiClient;
  /** How many objects of the namespace were asked for or written so far; lists and watches don't count. */
  readonly of: (namespace: string) => number;
}

/** Counts what goes through `client`, by namespace. */
export function countRequests(client: ApiClient): Counted {
  const counts = new Map<string, number>();
  const count = (namespace = "") => void counts.set(namespace, (counts.get(namespace) ?? 0) + 1);
  return {
    of: (namespace) => counts.get(namespace) ?? 0,
    client: {
      ...client,
      get(resource, ref, options) {
        count(ref.namespace);
        return client.get(resource, ref, options);
      },
      create(resource, object, options) {
        count(object.metadata.namespace);
        return client.create(resource, object, options);
      },
      replace(resource, object, options) {
        count(object.metadata.namespace);
        return client.replace(resource, object, options);
      },
      patch(resource, ref, body, options) {
        count(ref.namespace);
        return client.patch(resource, ref, body, options);
      },
      delete(resource, ref, options) {
        count(ref.namespace);
        return client.delete(resource, ref, options);
      },
    },
  };
}

/** Sees to it that hardly anything is requested for two seconds, which are 20 of the operator's: trying again each 10 s is calm. */
export async function expectCalm(requests: Counted["of"], namespace: string): Promise<void> {
  const before = requests(namespace);
  await until(performance.now() + 2_000);
  expect(requests(namespace) - before).toBeLessThanOrEqual(8);
}

/** Resolves at `time` of `performance.now()`, at once where that has been. */
export async function until(time: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  setTimeout(resolve, Math.max(0, time - performance.now()));
  await promise;
}
