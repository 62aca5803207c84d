import * as z from "zod";
import { fieldPaths } from "./field-path.ts";
import { dnsLabel } from "./names.ts";
import { cpuDivisors, wholeDivisors } from "./resource-field.ts";
import { cel, intOrString } from "./structural-schema.ts";

/** A list of strings in CEL. */
function celList(values: readonly string[]): string {
  return JSON.stringify(values);
}

/**
 * A field path of a pod: those that the kubelet takes for volumes and for env, and two of ours. The grammar of subscripts is that of
 * `pkg/apis/core/validation` (annotation keys are lower-cased before they are checked, label keys are not).
 */
export const fieldPathText = z
  .string()
  .max(350)
  .meta(
    cel(
      {
        rule: `self in ${celList(fieldPaths)} || (self.matches("^metadata\\\\.(labels|annotations)\\\\['[^']+'\\\\]$") && !format.qualifiedName().validate(self.startsWith('metadata.labels') ? self.substring(17, self.size() - 2) : self.substring(22, self.size() - 2).lowerAscii()).hasValue())`,
        message: `unsupported field path: give one of ${fieldPaths.join(", ")}, or metadata.labels['<key>'] or metadata.annotations['<key>']`,
      },
      {
        rule: '!self.startsWith("metadata.annotations[\'metadatamirror.dev/")',
        message: "annotations of metadatamirror.dev/ are never mirrored",
      },
    ),
  );

/** A resource of a container, as `resourceFieldRef` names it. */
export const resourceName = z
  .string()
  .max(64)
  .regex(/^(requests|limits)\.(cpu|memory|ephemeral-storage|hugepages-[0-9]+(Ki|Mi|Gi|Ti|Pi|Ei)?)$/);

const ResourceFieldRef = z
  .object({
    containerName: dnsLabel.describe("A container, init container or sidecar of the pod."),
    resource: resourceName.describe("requests or limits of cpu, memory, ephemeral-storage or hugepages-<size>."),
    divisor: intOrString
      .meta({ maxLength: 8 })
      .default("0")
      .describe("The unit: 1m or 1 with cpu; 1, 1k to 1E or 1Ki to 1Ei with the others. 0 means 1."),
  })
  .meta({
    "x-kubernetes-map-type": "atomic",
    ...cel({
      rule: `string(self.divisor) == '0' || string(self.divisor) in (self.resource.endsWith('.cpu') ? ${celList(cpuDivisors)} : ${celList(wholeDivisors)})`,
      message: `divisor must be ${cpuDivisors.join(" or ")} with cpu, and one of ${wholeDivisors.join(", ")} with the other resources`,
      fieldPath: ".divisor",
    }),
  });

/** One item of a mirror: the item of a downwardAPI volume, with the same field names and rules. */
export const Item = z
  .object({
    path: z
      .string()
      .min(1)
      .max(128)
      .regex(/^[a-zA-Z0-9][-._a-zA-Z0-9]*$/)
      .describe("The name of the item: the file is <pod>_<path>. It begins with a letter or a digit and holds no /."),
    fieldRef: z
      .object({
        apiVersion: z.enum(["v1"]).optional().describe("Accepted because people paste it."),
        fieldPath: fieldPathText.describe("The field of the pod."),
      })
      .meta({ "x-kubernetes-map-type": "atomic" })
      .optional()
      .describe("A field of the pod."),
    resourceFieldRef: ResourceFieldRef.optional().describe("A resource request or limit of a container of the pod."),
  })
  .meta(
    cel({
      rule: "has(self.fieldRef) != has(self.resourceFieldRef)",
      message: "exactly one of fieldRef and resourceFieldRef must be set",
    }),
  );
export type Item = z.infer<typeof Item>;
