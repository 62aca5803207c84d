import type { Edit } from "./edit.ts";
import type { Grant } from "./grant.ts";
import type { Mirror } from "./mirror.ts";
import type { Pod } from "./pod.ts";
import type { Stranger } from "./stranger.ts";

/** Something that a user, a kubelet or a controller does. It has the object as it is afterwards, or was before it was deleted. */
export type Change =
  | {
      readonly subject: "pod";
      /** `report` is what a kubelet says of it: phase, readiness and IP. `terminate` deletes it with its grace period. */
      readonly verb: "create" | "label" | "annotate" | "report" | "terminate" | "delete";
      readonly pod: Pod;
    }
  | { readonly subject: "mirror"; readonly verb: "create" | "change" | "delete"; readonly mirror: Mirror }
  | { readonly subject: "grant"; readonly verb: "create" | "change" | "delete"; readonly grant: Grant }
  | { readonly subject: "stranger"; readonly verb: "put" | "delete"; readonly stranger: Stranger }
  | { readonly subject: "node"; readonly verb: "change"; readonly node: string; readonly cpus: number }
  | { readonly subject: "edit"; readonly verb: Edit["how"]; readonly edit: Edit }
  /** What the garbage collector does at some time: ConfigMaps go whose mirror is gone. */
  | { readonly subject: "garbage"; readonly verb: "collect" };

/** It for a person: `pod soak-1/pod-3: label`. */
export function describeChange(change: Change): string {
  return `${subjectOf(change)}: ${change.verb}${detailOf(change)}`;
}

function subjectOf(change: Change): string {
  const named = ({ namespace, name }: { readonly namespace: string; readonly name: string }) => `${namespace}/${name}`;
  switch (change.subject) {
    case "pod":
      return `pod ${named(change.pod)}`;
    case "mirror":
      return `mirror ${named(change.mirror)}`;
    case "grant":
      return `grant ${named(change.grant)}`;
    case "stranger":
      return `ConfigMap ${named(change.stranger)} of somebody else`;
    case "node":
      return `node ${change.node}`;
    case "edit":
      return `a ConfigMap of mirror ${change.edit.mirror}`;
    case "garbage":
      return "garbage";
  }
}

function detailOf(change: Change): string {
  if (change.verb === "delete" || change.verb === "terminate") return "";
  switch (change.subject) {
    case "pod": {
      const { labels, phase, ready, ip } = change.pod;
      const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
      return ` → ${[...pairs, phase, ready ? "ready" : "not ready", ip || "no IP"].join(" ")}`;
    }
    case "mirror": {
      const { namespace: _, name: __, ...spec } = change.mirror;
      return ` → ${JSON.stringify(spec)}`;
    }
    case "grant": {
      const { from, selector, fields } = change.grant;
      return ` → ${JSON.stringify({ from, selector, fields })}`;
    }
    case "stranger":
      return ` (${change.stranger.guise})`;
    case "node":
      return ` → ${change.cpus} CPUs`;
    case "edit":
      return ` (ConfigMap ${change.edit.shard})`;
    case "garbage":
      return "";
  }
}
