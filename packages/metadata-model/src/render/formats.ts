import type { Format } from "../format.ts";
import type { Aggregate } from "./aggregate.ts";
import { envAggregate } from "./env.ts";
import { hostsAggregate } from "./hosts.ts";
import { jsonAggregate } from "./json.ts";
import { prometheusFileSDAggregate } from "./prometheus-file-sd.ts";
import { compileTemplate, type Template } from "./template.ts";

/** How `format` is written, where it is an aggregate: `Files` is none, and `Template` is one document of all shards. */
export function aggregateOf({ type, key = "", prometheusFileSD }: Format): Aggregate | undefined {
  switch (type) {
    case "JSON":
      return jsonAggregate(key);
    case "Hosts":
      return hostsAggregate(key);
    case "PrometheusFileSD":
      return prometheusFileSDAggregate(key, prometheusFileSD?.port ?? 0);
    case "Env":
      return envAggregate(key);
    case "Files":
    case "Template":
      return undefined;
  }
}

/** The template of `format`, compiled, where it is one. */
export function templateOf({ type, key = "", template }: Format): Template | undefined {
  return type === "Template" ? compileTemplate(key, template?.source ?? "") : undefined;
}
