import * as z from "zod";
import { cel, listAtomic } from "./structural-schema.ts";

/**
 * The key of an aggregate document. It holds no `_`, which every key of `Files` does, and its stem does not end in
 * `-<digits>`, which the key of every further shard does: no key can be mistaken for another.
 */
const aggregateKey = z
  .string()
  .min(1)
  .max(120)
  .regex(/^[a-zA-Z0-9][-.a-zA-Z0-9]*$/)
  .meta(
    cel({
      rule: "!self.matches('-[0-9]+([.][^.]*)?$')",
      message: "must not end in -<digits> before its extension: that is how the keys of further shards end",
    }),
  );

/** One form in which the peers are written. `type` tells which of the other fields belong to it. */
export const Format = z
  .object({
    type: z
      .enum(["Files", "JSON", "Hosts", "PrometheusFileSD", "Env", "Template"])
      .describe(
        "Files writes a key for each item of each peer, Template one document of all peers, the others a document of the peers of each shard.",
      ),
    key: aggregateKey
      .optional()
      .describe(
        "The key of the document; further shards add -1, -2 and so on before its extension, except with Template.",
      ),
    prometheusFileSD: z
      .object({ port: z.int().min(1).max(65535).meta({ format: "int32" }).describe("The port of every target.") })
      .optional()
      .describe("Options of PrometheusFileSD."),
    template: z
      .object({ source: z.string().min(1).max(65536).describe("The text of the template, in Liquid.") })
      .optional()
      .describe("Options of Template."),
  })
  .meta(
    cel(
      {
        rule: "(self.type != 'Files') == has(self.key)",
        message: "key is required, except with Files, where it is forbidden",
        fieldPath: ".key",
      },
      {
        rule: "(self.type == 'PrometheusFileSD') == has(self.prometheusFileSD)",
        message: "prometheusFileSD is required with PrometheusFileSD, and forbidden otherwise",
        fieldPath: ".prometheusFileSD",
      },
      {
        rule: "(self.type == 'Template') == has(self.template)",
        message: "template is required with Template, and forbidden otherwise",
        fieldPath: ".template",
      },
    ),
  );
export type Format = z.infer<typeof Format>;

export const Formats = z
  .array(Format)
  .min(1)
  .max(16)
  .default([{ type: "Files" }])
  .meta({
    description: "In which forms the peers are written.",
    ...listAtomic,
    ...cel(
      {
        rule: "self.all(f, !has(f.key) || self.exists_one(g, has(g.key) && g.key == f.key))",
        message: "keys must be unique",
      },
      { rule: "self.filter(f, f.type == 'Files').size() <= 1", message: "Files may be given once" },
    ),
  });

/**
 * The key of an aggregate document in shard `index`: the key itself in shard 0, and `-<index>` before its extension in the others,
 * so that one projected volume holds them all (of a doubled key the last source wins, silently).
 *
 * "peers.json", 0 → "peers.json"; "peers.json", 2 → "peers-2.json"; "hosts", 1 → "hosts-1"
 */
export function shardKey(key: string, index: number): string {
  if (index === 0) return key;
  const dot = key.lastIndexOf(".");
  return dot < 0 ? `${key}-${index}` : `${key.slice(0, dot)}-${index}${key.slice(dot)}`;
}
