import type { ApiClient, ApiError, Resource } from "@metadata-mirror/api-client";
import type { Freshness } from "./freshness.ts";

/** The same client, whose watches `freshness` is told of from their beginning to the abort of their signal: no watch can be forgotten. */
export function tracked(
  client: ApiClient,
  freshness: Pick<Freshness, "begin">,
  onRelist: (resource: Resource, reason: ApiError) => void,
): ApiClient {
  return {
    ...client,
    watch(resource, options) {
      const { namespace = "", signal } = options;
      const report = freshness.begin(resource.plural, namespace);
      if (signal.aborted) report.end();
      else signal.addEventListener("abort", report.end, { once: true });
      return client.watch(resource, {
        ...options,
        onContact(kind, boundMs) {
          report.contact(kind, boundMs);
          options.onContact?.(kind, boundMs);
        },
        onFault(fault, retryInMs) {
          report.fault(fault, retryInMs);
          options.onFault?.(fault, retryInMs);
        },
        onRelist(reason) {
          onRelist(resource, reason);
          options.onRelist?.(reason);
        },
      });
    },
  };
}
