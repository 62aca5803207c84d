import { type Field, inline, many, type MessageSchema, message, one } from "@metadata-mirror/api-client";

// What the operator reads of pods, nodes and ConfigMaps in protobuf: what podMetadata and consumerOf, nodeMetadata, and configMapState of
// metadata-model ask for, and nothing else. Field numbers are those of k8s.io/api/core/v1/generated.proto and
// k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto, of v0.35; protobuf never gives a number another meaning.

/** Of metav1.ObjectMeta: which object it is, and which version of it. */
const identity = {
  1: ["name", "text"],
  3: ["namespace", "text"],
  5: ["uid", "text"],
  6: ["resourceVersion", "text"],
} as const satisfies Readonly<Record<number, Field>>;

const podMeta = message({
  ...identity,
  9: ["deletionTimestamp", "time"],
  11: ["labels", "texts"],
  12: ["annotations", "texts"],
});

const ip = message({ 1: ["ip", "text"] });

const status = message({
  1: ["phase", "text"],
  2: ["conditions", many(message({ 1: ["type", "text"], 2: ["status", "text"] }))],
  5: ["hostIP", "text"],
  6: ["podIP", "text"],
  12: ["podIPs", many(ip)],
  16: ["hostIPs", many(ip)],
});

/** LocalObjectReference, which everything that names a ConfigMap embeds. */
const name = inline(message({ 1: ["name", "text"] }));

/** Of Container, what a resource field asks for. */
const containerFields = {
  1: ["name", "text"],
  8: ["resources", one(message({ 1: ["limits", "quantities"], 2: ["requests", "quantities"] }))],
} as const satisfies Readonly<Record<number, Field>>;

/** Also what it uses of ConfigMaps; EphemeralContainerCommon has the same numbers. */
const container = message({
  ...containerFields,
  7: [
    "env",
    many(message({ 3: ["valueFrom", one(message({ 3: ["configMapKeyRef", one(message({ 1: ["", name] }))] }))] })),
  ],
  9: ["volumeMounts", many(message({ 1: ["name", "text"], 4: ["subPath", "text"], 6: ["subPathExpr", "text"] }))],
  19: ["envFrom", many(message({ 2: ["configMapRef", one(message({ 1: ["", name] }))] }))],
});

/** Of ConfigMapVolumeSource, and of ConfigMapProjection, which has the same numbers. */
const configMapSource = one(message({ 1: ["", name], 2: ["items", many(message({ 1: ["key", "text"] }))] }));

const volume = message({
  1: ["name", "text"],
  // VolumeSource
  2: [
    "",
    inline(
      message({
        19: ["configMap", configMapSource],
        26: ["projected", one(message({ 1: ["sources", many(message({ 3: ["configMap", configMapSource] }))] }))],
      }),
    ),
  ],
});

function specOf(containers: MessageSchema, mounts: Readonly<Record<number, Field>>): MessageSchema {
  return message({
    2: ["containers", many(containers)],
    8: ["serviceAccountName", "text"],
    10: ["nodeName", "text"],
    20: ["initContainers", many(containers)],
    ...mounts,
  });
}

function podOf(spec: MessageSchema): MessageSchema {
  return message({ 1: ["metadata", one(podMeta)], 2: ["spec", one(spec)], 3: ["status", one(status)] });
}

/** What podMetadata asks for. */
export const peerWire: MessageSchema = podOf(specOf(message(containerFields), {}));

/** What consumerOf asks for, too. */
export const podWire: MessageSchema = podOf(
  specOf(container, {
    1: ["volumes", many(volume)],
    34: ["ephemeralContainers", many(message({ 1: ["", inline(container)] }))],
  }),
);

export const nodeWire: MessageSchema = message({
  1: ["metadata", one(message(identity))],
  3: ["status", one(message({ 2: ["allocatable", "quantities"] }))],
});

/** metav1.OwnerReference */
const owner = message({
  1: ["kind", "text"],
  3: ["name", "text"],
  4: ["uid", "text"],
  5: ["apiVersion", "text"],
  6: ["controller", "bool"],
  7: ["blockOwnerDeletion", "bool"],
});

/** Also of what is written: all that a ConfigMap of ours holds is in it. */
export const configMapWire: MessageSchema = message({
  1: [
    "metadata",
    one(
      message({
        ...identity,
        2: ["generateName", "text"],
        9: ["deletionTimestamp", "time"],
        11: ["labels", "texts"],
        12: ["annotations", "texts"],
        13: ["ownerReferences", many(owner)],
        14: ["finalizers", "list"],
      }),
    ),
  ],
  2: ["data", "texts"],
  3: ["binaryData", "blobs"],
  4: ["immutable", "bool"],
});
