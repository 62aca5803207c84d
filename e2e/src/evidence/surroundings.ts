import type { ApiClient, Clock } from "@metadata-mirror/api-client";
import type { Host, Report } from "../host.ts";

/** What a measurement is made with. */
export interface Surroundings {
  readonly host: Host;
  readonly client: ApiClient;
  readonly clock: Clock;
  readonly report: Report;
}
