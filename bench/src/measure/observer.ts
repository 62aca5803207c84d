import type { Access } from "@metadata-mirror/control-plane";
import { Client } from "undici";
import type { Ledger } from "../world/ledger.ts";
import { createSeqScanner } from "./seq-scanner.ts";

/** What there was to see of ConfigMaps since the observer began. */
interface Sighted {
  /** Versions of ConfigMaps: created or changed. */
  readonly writes: number;
  /** Their bytes in all, as JSON: what has to be stored and sent. */
  readonly bytes: number;
  /** When the last of them was seen, or when the observer began: monotonic milliseconds. */
  readonly lastAt: number;
}

/** Watches the ConfigMaps of all namespaces. Disposing ends it. */
export interface Observer extends AsyncDisposable {
  sighted(): Sighted;
  /** Rejects where the watch has failed: nothing that was measured since counts. */
  readonly ended: Promise<never>;
}

/** How the metadata of an object begins, in the order that Go writes its members. */
const identity = /"metadata":\{"name":"([^"]+)","namespace":"([^"]+)","uid":"[^"]+","resourceVersion":"(\d+)"/;

/** Where changes are to be seen. */
export interface Sight {
  readonly ledger: Ledger;
  /** The place of a ConfigMap in the ledger; undefined: none. */
  readonly placeOf: (namespace: string, name: string) => number | undefined;
}

/**
 * Watches ConfigMaps as they are from `resourceVersion` on, and tells the ledger of the numbers in each version once its last byte
 * is here. It has a connection of its own; a watch that the API server ends goes on where it was.
 */
export async function observe(
  { server, ca, token }: Access,
  { ledger, placeOf }: Sight,
  resourceVersion: string,
): Promise<Observer> {
  const client = new Client(server, { connect: { ca }, bodyTimeout: 0, headersTimeout: 120_000 });
  const begun = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  let [writes, bytes, lastAt, version] = [0, 0, performance.now(), resourceVersion];
  const fail = (error: Error): void => {
    begun.reject(error);
    ended.reject(error);
  };
  const watch = (): void => {
    const scan = createSeqScanner({
      line(type, size, seqs, head) {
        if (head.startsWith(`{"type":"ERROR"`)) fail(new Error(`the watch of ConfigMaps failed: ${head}`));
        if (type !== "ADDED" && type !== "MODIFIED") return;
        const [, name = "", namespace = "", newest = version] = identity.exec(head) ?? [];
        [version, lastAt] = [newest, performance.now()];
        writes += 1;
        bytes += size;
        const place = placeOf(namespace, name);
        if (place === undefined) return;
        for (const seq of seqs) ledger.show(seq, lastAt, place);
      },
    });
    const path = `/api/v1/configmaps?watch=1&timeoutSeconds=7200&resourceVersion=${version}`;
    client.dispatch(
      { method: "GET", path, headers: { authorization: `Bearer ${token}` } },
      {
        onRequestStart() {},
        onResponseStart(_, status) {
          if (status === 200) begun.resolve();
          else fail(new Error(`the watch of ConfigMaps was answered with HTTP ${status}`));
        },
        onResponseData: (_, chunk) => scan(chunk),
        // the API server ends a watch that it can't serve as fast as it should; what came meanwhile is told then
        onResponseEnd: watch,
        onResponseError: (_, error) => fail(error),
      },
    );
  };
  watch();
  await begun.promise;
  return {
    sighted: () => ({ writes, bytes, lastAt }),
    ended: ended.promise,
    [Symbol.asyncDispose]: () => client.destroy(),
  };
}
