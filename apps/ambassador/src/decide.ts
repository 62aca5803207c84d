import { failure, type OwnAnswer, redirect } from "./answer.ts";
import { type FilterOptions, refusalOf } from "./filter.ts";
import { hostOf, parseRequestTarget, type RequestTarget } from "./request-target.ts";
import { route } from "./route.ts";

/** What the head of a request says that a decision depends on. */
export interface RequestHead {
  readonly method: string;
  /** The target of the request line, as sent. */
  readonly url: string;
  /** As in `1.1`. */
  readonly httpVersion: string;
  /** The values of all its Host headers. */
  readonly hosts: readonly string[];
  /** The value of its Transfer-Encoding headers. */
  readonly transferEncoding: string | undefined;
  /** Whether it asks for a tunnel. */
  readonly upgrade: boolean;
}

/** What becomes of a request: it is sent on, to that target, or answered by us. */
export type Decision =
  | { readonly kind: "forward"; readonly target: RequestTarget }
  | { readonly kind: "answer"; readonly answer: OwnAnswer };

export interface DecideOptions {
  readonly apiPrefix: string;
  readonly filter: FilterOptions;
}

/** Decides, before anything is asked of the API server, in the order of kubectl proxy: what it is for, where it leads, whether it passes. */
export function decide(head: RequestHead, options: DecideOptions): Decision {
  const { method, url, httpVersion, hosts, transferEncoding, upgrade } = head;
  const refuse = (status: OwnAnswer["status"], why: string): Decision => ({
    kind: "answer",
    answer: failure(status, `${method} is not sent on: ${why}`),
  });
  if (!/^1\.[01]$/.test(httpVersion)) return refuse(505, `HTTP/${httpVersion} is not spoken here, but HTTP/1.1 is`);
  if (transferEncoding !== undefined && transferEncoding.toLowerCase() !== "chunked") {
    return refuse(501, "of transfer codings only chunked is known");
  }
  const target = method === "CONNECT" ? undefined : parseRequestTarget(url);
  if (target === undefined) return refuse(400, "its target is no path");
  if (hosts.length > 1 || (hosts.length === 0 && httpVersion === "1.1")) return refuse(400, "it needs one Host header");

  const leads = route(target, options.apiPrefix);
  switch (leads.kind) {
    case "redirect":
      return { kind: "answer", answer: redirect(method, leads.location) };
    case "not-found":
      return refuse(404, `the API is at ${options.apiPrefix} (--api-prefix)`);
    case "refuse":
      return refuse(leads.status, leads.why);
    case "forward": {
      const host = hostOf(target.authority ?? hosts[0] ?? "");
      const why = refusalOf({ method, path: leads.target.path, host, upgrade }, options.filter);
      return why === undefined ? leads : refuse(403, why);
    }
  }
}
