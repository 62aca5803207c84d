import * as z from "zod";
import { Condition } from "./condition.ts";
import { Formats } from "./format.ts";
import { Item } from "./item.ts";
import { LabelSelector } from "./label-selector.ts";
import { dnsLabel } from "./names.ts";
import { cel, intOrString, listMap, listSet } from "./structural-schema.ts";

const Peers = z
  .object({
    selector: LabelSelector.describe("Which pods, by their labels. {} is every pod; there is no default."),
    include: z
      .enum(["Ready", "Running", "All"])
      .default("Running")
      .describe(
        "When a pod is a peer. Ready: its Ready condition is True and it is not being deleted. Running: its phase is Running and it is not being deleted. All: whatever is not Succeeded or Failed, pods without a node too.",
      ),
    namespaces: z
      .array(dnsLabel)
      .min(1)
      .max(64)
      .optional()
      .meta(listSet)
      .describe(
        "The namespaces of the peers, all of them: the default is the mirror's own. Any other needs a MetadataGrant there.",
      ),
  })
  .describe("Who: the pods that are mirrored.");

const maxShardSize = intOrString
  .meta({
    maxLength: 12,
    ...cel({
      rule: "isQuantity(string(self)) && quantity(string(self)).compareTo(quantity('4Ki')) >= 0 && quantity(string(self)).compareTo(quantity('1Mi')) <= 0",
      message: "must be a quantity of 4Ki to 1Mi",
    }),
  })
  .default("256Ki");

const Output = z
  .object({
    configMapName: z
      .string()
      .min(1)
      .max(240)
      .meta(
        cel(
          { rule: "!format.dns1123Subdomain().validate(self).hasValue()", message: "must be a DNS subdomain" },
          { rule: "self == oldSelf", message: "is immutable" },
        ),
      )
      .optional()
      .describe("Name of the first ConfigMap; the further ones add -1, -2 and so on. Default the mirror's own name."),
    peersPerShard: z
      .int()
      .min(1)
      .max(10_000)
      .default(100)
      .meta({ format: "int32" })
      .describe("The most peers that one ConfigMap holds."),
    maxShardSize: maxShardSize.describe(
      "The most bytes that one ConfigMap holds: its values, and twice its keys. 4Ki to 1Mi.",
    ),
    maxShards: z.int().min(1).max(256).default(64).meta({ format: "int32" }).describe("The most ConfigMaps."),
    formats: Formats,
  })
  .meta(
    cel({
      rule: "has(self.configMapName) == has(oldSelf.configMapName)",
      message: "configMapName is immutable",
      fieldPath: ".configMapName",
    }),
  )
  .describe("Where, and in which forms.");

const Consumers = z
  .object({
    refreshPolicy: z
      .enum(["Immediate", "KubeletSync"])
      .default("KubeletSync")
      .describe("How a consuming pod gets new files: when its kubelet next syncs it, or at once."),
  })
  .describe("The pods that mount the ConfigMaps.");

/** What a user writes; the inferred type is what the API server stores, with its defaults. */
export const MetadataMirrorSpec = z
  .object({
    peers: Peers,
    items: z
      .array(Item)
      .min(1)
      .max(64)
      .meta(listMap("path"))
      .describe("What: the items of a downwardAPI volume, same field names, same rules."),
    output: Output.prefault({}),
    consumers: Consumers.prefault({}),
  })
  .describe("What is to be mirrored, and where to.");
export type MetadataMirrorSpec = z.infer<typeof MetadataMirrorSpec>;

const ShardStatus = z.object({
  name: z.string().max(253).describe("Name of the ConfigMap."),
  peers: z.int().meta({ format: "int32" }).describe("How many peers it holds."),
});

/** What the operator says of a mirror. Nothing in it ticks: counts follow at most every 10 s, conditions at once. */
export const MetadataMirrorStatus = z
  .object({
    observedGeneration: z.int().optional().meta({ format: "int64" }).describe("The generation that this status is of."),
    peerCount: z.int().optional().meta({ format: "int32" }).describe("How many peers the ConfigMaps hold."),
    shardCount: z.int().optional().meta({ format: "int32" }).describe("How many ConfigMaps hold the peers."),
    shards: z.array(ShardStatus).max(256).optional().meta(listMap("name")).describe("The ConfigMaps."),
    lastChangeTime: z
      .string()
      .meta({ format: "date-time" })
      .optional()
      .describe("When a ConfigMap was last written; never a heartbeat."),
    conditions: z
      .array(Condition)
      .max(16)
      .optional()
      .meta(listMap("type"))
      .describe(
        "Ready, Authorized, Complete, Fresh and Refreshed, for which True is well; and Stalled when only a change helps.",
      ),
  })
  .describe("What the operator last found.");
export type MetadataMirrorStatus = z.infer<typeof MetadataMirrorStatus>;

const identity = {
  name: z.string(),
  namespace: z.string(),
  uid: z.string(),
  generation: z.int().default(0),
  deletionTimestamp: z.string().optional(),
};
const Stored = z.object({
  metadata: z.object(identity),
  spec: z.unknown().optional(),
  status: z.unknown().optional(),
});

/** A stored mirror, trimmed to what a pass needs. `spec` is undefined where it isn't one: then `problem` says why. */
export interface MetadataMirror {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  /** It's being deleted: whatever becomes of its ConfigMaps is the garbage collector's. */
  readonly terminating: boolean;
  readonly spec: MetadataMirrorSpec | undefined;
  readonly problem: string | undefined;
  readonly status: MetadataMirrorStatus;
}

/** A mirror whose spec can be read. */
export type ReadableMirror = MetadataMirror & { readonly spec: MetadataMirrorSpec };

/** Whether the spec of `mirror` can be read. */
export function isReadable(mirror: MetadataMirror): mirror is ReadableMirror {
  return mirror.spec !== undefined;
}

/** What is wrong with which field, as the API server would name it. */
function explain({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => `${z.core.toDotPath(["spec", ...path])}: ${message}`).join("; ");
}

/**
 * Reads a MetadataMirror as the API server answers it. A spec that the schema does not take (stored under an older CRD, say) is
 * a `problem`, a sentence; a status that isn't ours counts as empty.
 *
 * @throws ZodError where it isn't an object of the API server at all.
 */
export function metadataMirror(raw: unknown): MetadataMirror {
  const stored = Stored.parse(raw);
  const { name, namespace, uid, generation, deletionTimestamp } = stored.metadata;
  const spec = MetadataMirrorSpec.safeParse(stored.spec);
  return {
    name,
    namespace,
    uid,
    generation,
    terminating: deletionTimestamp !== undefined,
    spec: spec.data,
    problem: spec.error && explain(spec.error),
    status: MetadataMirrorStatus.safeParse(stored.status ?? {}).data ?? {},
  };
}
