import { expect, test } from "vitest";
import { parseRequests, requestsBetween } from "./server-usage.ts";

const metrics = (patches: number) => `
# TYPE apiserver_request_total counter
apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="PATCH",version="v1"} ${patches}
apiserver_request_total{code="409",component="apiserver",dry_run="",group="",resource="configmaps",scope="resource",subresource="",verb="PATCH",version="v1"} 2
apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="pods",scope="resource",subresource="status",verb="PATCH",version="v1"} 7
apiserver_request_total{code="200",component="apiserver",dry_run="",group="coordination.k8s.io",resource="leases",scope="resource",subresource="",verb="PUT",version="v1"} ${patches}
apiserver_request_total{code="200",component="apiserver",dry_run="",group="",resource="",scope="",subresource="/readyz",verb="GET",version=""} 1
apiserver_request_total{code="200",component="",dry_run="",group="",resource="configmaps",scope="cluster",subresource="",verb="WATCH",version="v1"} 1.5e+03
apiserver_requested_deprecated_apis{resource="configmaps"} 1
`;

test("requests are counted by verb and resource, whatever their codes", () => {
  expect(parseRequests(metrics(5))).toEqual(
    new Map([
      ["PATCH configmaps", 7],
      ["PATCH pods/status", 7],
      ["PUT leases", 5],
      ["WATCH configmaps", 1500],
    ]),
  );
});

test("between two counts is what has grown, but for what the server asks itself", () => {
  expect(requestsBetween(parseRequests(metrics(5)), parseRequests(metrics(9)))).toEqual(
    new Map([["PATCH configmaps", 4]]),
  );
  expect(requestsBetween(new Map(), parseRequests(metrics(9))).get("PATCH pods/status")).toBe(7);
});
