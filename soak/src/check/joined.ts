import { canonical, type Content, numbered, type Parts } from "../model/content.ts";
import { type FormatName, formats } from "../world/format.ts";
import type { Mirror } from "../world/mirror.ts";
import { documentKey, indexOf, type Shard } from "./shard.ts";

/** What the ConfigMaps of a mirror tell together, and what is wrong with one by itself. */
export interface Joined {
  readonly content: Content;
  readonly faults: readonly string[];
}

/** Joins them, as a consumer does who mounts them all. */
export function join(mirror: Mirror, shards: readonly Shard[]): Joined {
  const read = shards.map((shard) => readShard(mirror, shard));
  const parts = (name: Exclude<FormatName, "Files">) => read.flatMap(({ texts }) => texts[name]);
  const files = shards.flatMap(({ data }) => Object.entries(data).filter(([key]) => key.includes("_")));
  const ids = read.flatMap((each) => each.ids);
  return {
    content: {
      Files: new Map(files),
      JSON: numbered(parts("JSON")),
      Hosts: new Map(parts("Hosts").map((pair) => [pair, ""])),
      PrometheusFileSD: numbered(parts("PrometheusFileSD")),
      Template: new Map(parts("Template").map((text) => ["lines.txt", text])),
    },
    faults: [
      ...read.flatMap(({ faults }) => faults),
      ...twice(files.map(([key]) => key)).map((key) => `key ${key} is in several ConfigMaps`),
      ...twice(ids).map((id) => `the peer with _id ${id} is in several ConfigMaps`),
    ],
  };
}

interface Read {
  readonly texts: Readonly<Record<Exclude<FormatName, "Files">, readonly string[]>>;
  /** Of the peers of JSON. */
  readonly ids: readonly string[];
  readonly faults: readonly string[];
}

function readShard(mirror: Mirror, { name, label, data, binaryKeys }: Shard): Read {
  const index = indexOf(name, mirror.configMap);
  const document = (format: FormatName) => data[documentKey(formats[format].key ?? "", index ?? 0)];
  const keys = mirror.formats.flatMap((format) => {
    const { key } = formats[format];
    return key === undefined || (format === "Template" && index !== 0) ? [] : [documentKey(key, index ?? 0)];
  });
  const list = readJson(document("JSON")) as { readonly peers?: readonly Record<string, unknown>[] } | undefined;
  const peers = list?.peers ?? [];
  const targets = (readJson(document("PrometheusFileSD")) ?? []) as readonly object[];
  return {
    texts: {
      JSON: peers.map(({ _id, ...items }) => canonical(items)),
      Hosts: hostPairs(document("Hosts") ?? ""),
      PrometheusFileSD: targets.map(canonical),
      Template: [data["lines.txt"]].filter((text) => text !== undefined),
    },
    ids: peers.map(({ _id }) => String(_id)),
    faults: [
      ...(index === undefined ? [`${name} is no name of a ConfigMap of this mirror`] : []),
      ...(label === mirror.name ? [] : [`${name} has the label of the mirror "${label}"`]),
      ...binaryKeys.map((key) => `${name} has binary data ${key}`),
      ...keys.filter((key) => data[key] === undefined).map((key) => `${name} has no document ${key}`),
      ...Object.keys(data)
        .filter((key) => !key.includes("_") && !keys.includes(key))
        .map((key) => `${name} has a document ${key}, which it shouldn't`),
    ],
  };
}

/** Undefined where it isn't there, or isn't JSON: then what it should tell is missing. */
function readJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

function hostPairs(text: string): readonly string[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.flatMap((line) => {
    const [ip, ...names] = line.split(" ");
    return names.map((name) => `${ip} ${name}`);
  });
}

function twice(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.filter((text, at) => texts.indexOf(text) !== at))];
}

/** Where two contents differ, a line for each part; `partly` takes what is missing for right. */
export function differences(expected: Content, found: Content, partly: boolean): readonly string[] {
  const names = Object.keys(expected) as readonly FormatName[];
  return names.flatMap((name) =>
    partDifferences(expected[name], found[name], partly).map((difference) => `${name}: ${difference}`),
  );
}

function partDifferences(expected: Parts, found: Parts, partly: boolean): readonly string[] {
  const missing = [...expected].filter(([part]) => !partly && !found.has(part));
  const wrong = [...expected].filter(([part, text]) => found.has(part) && found.get(part) !== text);
  const surplus = [...found].filter(([part]) => !expected.has(part));
  return [
    ...missing.map(([part, text]) => `${part} is missing, it should be ${JSON.stringify(text)}`),
    ...wrong.map(
      ([part, text]) => `${part} is ${JSON.stringify(found.get(part))}, it should be ${JSON.stringify(text)}`,
    ),
    ...surplus.map(([part, text]) => `${part} is there, ${JSON.stringify(text)}, and should not be`),
  ];
}
