import type { Finding } from "./condition.ts";
import { lastApplied } from "./field-path.ts";
import { type Field, itemField, selectionFields, shownFields } from "./field.ts";
import { labelMatcher } from "./label-selector.ts";
import { isGrantTo, type MetadataGrant, type MetadataGrantSpec } from "./metadata-grant.ts";
import type { MetadataMirrorSpec } from "./metadata-mirror.ts";
import type { PodMetadata } from "./pod-metadata.ts";

/** What a mirror may show of one pod. */
export interface Permit {
  /** Equal for equal permits. */
  readonly id: string;
  /** The paths of the items that may be read. */
  readonly paths: ReadonlySet<string>;
  /** Whether the pod may be named in messages. */
  readonly named: boolean;
  /** Whether messages may say all of it: it's of the mirror's own namespace. */
  readonly own: boolean;
}

/** What a mirror may see, by the grants there are. */
export interface Authorization {
  /** What may be shown of `pod`, or undefined where the mirror may not know of it at all. */
  readonly permit: (pod: PodMetadata) => Permit | undefined;
  /** The Authorized condition. It depends on grants only, never on pods: else it would tell what the grants do not. */
  readonly finding: Finding;
}

/** The part of a mirror that decides what it asks for. */
export interface Request {
  readonly namespace: string;
  readonly spec: MetadataMirrorSpec;
}

/** Whether `fields` holds `field`. A whole map covers those of its subscripts that it shows, never the reverse. */
function covers({ fieldPaths = [], resources = [] }: MetadataGrantSpec["fields"], field: Field): boolean {
  const map = /^metadata\.(labels|annotations)(?=\[)/.exec(field)?.[0];
  const shown = map !== undefined && field !== `metadata.annotations['${lastApplied}']`;
  return fieldPaths.includes(field) || resources.includes(field) || (shown && fieldPaths.includes(map));
}

interface Grant {
  readonly matches: (labels: PodMetadata["labels"]) => boolean;
  readonly covers: (field: Field) => boolean;
}

/** The namespaces of a mirror's peers, sorted. */
export function peerNamespaces({ namespace, spec }: Request): readonly string[] {
  return (spec.peers.namespaces ?? [namespace]).toSorted();
}

/**
 * Decides what a mirror may see: of its own namespace everything; of any other what the MetadataGrants there give, pod by pod and field
 * by field. A pod is seen only if, for that pod, the grants together cover everything that the mirror selects by and that
 * its formats show by themselves; of its items only those that they cover.
 *
 * This is the one place that answers for every field that names a namespace (CVE-2026-22039 and CVE-2026-41068 are what
 * comes of two). `reachable` tells the namespaces that the operator watches at all.
 */
export function authorize(
  request: Request,
  grants: readonly MetadataGrant[],
  reachable: (namespace: string) => boolean = () => true,
): Authorization {
  const { items } = request.spec;
  const required = [
    ...new Set([
      ...selectionFields(request.spec),
      ...request.spec.output.formats.flatMap((format) => shownFields(format)),
    ]),
  ];
  const everything: Permit = { id: "*", paths: new Set(items.map((item) => item.path)), named: true, own: true };
  const permits = new Map<string, Permit>();
  const foreign = peerNamespaces(request).filter((namespace) => namespace !== request.namespace);
  const grantsOf = new Map(foreign.map((namespace) => [namespace, grantsFor(request, grants, namespace)]));

  function permitOf(granted: readonly Grant[]): Permit | undefined {
    const may = (field: Field) => granted.some((grant) => grant.covers(field));
    if (!required.every(may)) return undefined;
    const paths = items.filter((item) => may(itemField(item))).map((item) => item.path);
    const named = may("metadata.name");
    const id = [named, ...paths].join(" ");
    const permit = permits.get(id) ?? { id, paths: new Set(paths), named, own: false };
    permits.set(id, permit);
    return permit;
  }

  return {
    permit(pod) {
      if (pod.namespace === request.namespace) return everything;
      const granted = (grantsOf.get(pod.namespace) ?? []).filter((grant) => grant.matches(pod.labels));
      return granted.length === 0 ? undefined : permitOf(granted);
    },
    finding: authorizedFinding(request.namespace, grantsOf, [...required, ...items.map(itemField)], reachable),
  };
}

function grantsFor(request: Request, grants: readonly MetadataGrant[], namespace: string): readonly Grant[] {
  return grants.flatMap((grant) => {
    const { namespace: source, spec } = grant;
    if (spec === undefined || source !== namespace || !isGrantTo(request.namespace, grant)) return [];
    return [{ matches: labelMatcher(spec.selector), covers: (field: Field) => covers(spec.fields, field) }];
  });
}

function authorizedFinding(
  own: string,
  grantsOf: ReadonlyMap<string, readonly Grant[]>,
  fields: readonly Field[],
  reachable: (namespace: string) => boolean,
): Finding {
  const denied = (reason: string, message: string): Finding => ({
    type: "Authorized",
    status: "False",
    reason,
    message,
  });
  const namespaces = [...grantsOf.keys()];

  const unwatched = namespaces.filter((namespace) => !reachable(namespace));
  if (unwatched.length > 0) {
    return denied("NamespaceNotWatched", `this operator does not watch ${unwatched.join(", ")}`);
  }
  const ungranted = namespaces.filter((namespace) => grantsOf.get(namespace)?.length === 0);
  if (ungranted.length > 0) {
    return denied("GrantMissing", `no MetadataGrant in ${ungranted.join(", ")} names ${own}: ask for one there`);
  }
  const missing = [...grantsOf].flatMap(([namespace, granted]) => {
    const uncovered = [...new Set(fields)].filter((field) => !granted.some((grant) => grant.covers(field)));
    return uncovered.length === 0 ? [] : [`${namespace}: ${uncovered.join(", ")}`];
  });
  if (missing.length > 0) {
    return denied("FieldNotGranted", `no MetadataGrant gives ${own} these fields: ${missing.join("; ")}`);
  }
  const message =
    namespaces.length === 0 ? "all peers are of the mirror's own namespace" : `granted by ${namespaces.join(", ")}`;
  return { type: "Authorized", status: "True", reason: namespaces.length === 0 ? "OwnNamespace" : "Granted", message };
}
