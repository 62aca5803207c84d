import type { Format } from "../format.ts";
import type { Aggregate } from "./aggregate.ts";
import { jsonAggregate } from "./json.ts";

/** How `format` is written, where it is an aggregate that this release can write; `Files` is no aggregate. */
export function aggregateOf(format: Format): Aggregate | undefined {
  return format.type === "JSON" && format.key !== undefined ? jsonAggregate(format.key) : undefined;
}

/** Whether this release can write `format`. */
export function isSupported(format: Format): boolean {
  return format.type === "Files" || aggregateOf(format) !== undefined;
}
