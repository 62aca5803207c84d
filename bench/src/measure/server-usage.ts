import type { ControlPlane } from "@metadata-mirror/control-plane";
import type { Api } from "../world/api.ts";
import { processUsage } from "./process-usage.ts";

/** Counts of requests by verb and resource: `PATCH configmaps`, `POST pods/binding`. */
export type Requests = ReadonlyMap<string, number>;

/** From the text of the API server's /metrics; watches count when they end. */
export function parseRequests(metrics: string): Requests {
  const counts = new Map<string, number>();
  for (const [, labels = "", value = ""] of metrics.matchAll(/^apiserver_request_total\{(.*)\} (\S+)$/gm)) {
    const label = (name: string): string => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
    if (label("resource") === "") continue;
    const subresource = label("subresource");
    const key = `${label("verb")} ${label("resource")}${subresource === "" ? "" : `/${subresource}`}`;
    counts.set(key, (counts.get(key) ?? 0) + Number(value));
  }
  return counts;
}

/** What was asked between two counts. What the API server asks itself all the time, of its own leases and settings, is left out. */
export function requestsBetween(before: Requests, after: Requests): Requests {
  const differences = [...after].map(([key, count]) => [key, count - (before.get(key) ?? 0)] as const);
  return new Map(
    differences.filter(([key, count]) => count > 0 && ofClients.test(key)).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const ofClients = /^\S+ (?:pods|configmaps|metadatamirrors|metadatagrants|nodes|namespaces|events|secrets)(?:\/|$)/;

/** Reads how often what was asked. */
export async function readRequests(api: Api): Promise<Requests> {
  return parseRequests(await api.send({ method: "GET", path: "/metrics" }));
}

/** Seconds that kube-apiserver and etcd together have had on the processor. */
export async function serversCpu(controlPlane: ControlPlane): Promise<number> {
  const { etcd, apiServer } = controlPlane.pids();
  const [first, second] = await Promise.all([processUsage(etcd), processUsage(apiServer)]);
  return first.cpuSeconds + second.cpuSeconds;
}
