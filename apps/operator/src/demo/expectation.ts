import type { KubernetesObject, OwnerReference } from "@metadata-mirror/api-client";
import type { ExpectedPeer } from "./cast.ts";
import { mirrorName } from "./names.ts";

/** What the ConfigMaps of the mirror are to hold, and nothing else. */
export interface Expectation {
  /** In the order of their names. */
  readonly peers: readonly ExpectedPeer[];
  /** How many ConfigMaps there are to be; which of them holds a peer is the operator's choice. */
  readonly configMaps: number;
}

/** What is to be seen of a ConfigMap. */
export interface ConfigMap {
  readonly data: Readonly<Record<string, string>>;
  readonly owners: readonly OwnerReference[];
}

/** Reads a ConfigMap as the API server answers it. */
export function configMapOf({ metadata, ...fields }: KubernetesObject): ConfigMap {
  return {
    data: (fields["data"] ?? {}) as Record<string, string>,
    owners: metadata.ownerReferences ?? [],
  };
}

/** ConfigMaps by name. */
export type ConfigMaps = ReadonlyMap<string, ConfigMap>;

/** The whole data of the ConfigMap `index`, if it holds `peers`. */
function expectedData(peers: readonly ExpectedPeer[], index: number): ReadonlyMap<string, string> {
  const files = peers.flatMap(({ name, files }) =>
    Object.entries(files).map(([path, text]): [string, string] => [`${name}_${path}`, text]),
  );
  const lines = peers.map(({ json }) => `\n${json}`).join(",");
  const document = `{"apiVersion":"metadatamirror.dev/v1alpha1","kind":"PeerList","peers":[${lines}\n]}\n`;
  return new Map([...files, [index === 0 ? "peers.json" : `peers-${index}.json`, document]]);
}

/**
 * How what is there differs from what is expected, a line each; none where every key of every ConfigMap has the expected bytes,
 * each peer is in one ConfigMap, and there is nothing else.
 */
export function differences({ peers, configMaps }: Expectation, there: ConfigMaps): readonly string[] {
  const names = Array.from({ length: configMaps }, (_, index) => (index === 0 ? mirrorName : `${mirrorName}-${index}`));
  const holderOf = ({ name }: ExpectedPeer) =>
    names.find((configMap) => there.get(configMap)?.data[`${name}_podName`] !== undefined) ?? mirrorName;
  const unexpected = [...there.keys()].filter((name) => !names.includes(name));
  return [
    ...unexpected.map((name) => `${name}: expected no such ConfigMap`),
    ...names.flatMap((name, index) => {
      const held = peers.filter((peer) => holderOf(peer) === name);
      const found = there.get(name);
      return found === undefined
        ? [`${name}: expected, but there is no such ConfigMap`]
        : compare(name, expectedData(held, index), found);
    }),
  ];
}

function compare(name: string, expected: ReadonlyMap<string, string>, { data }: ConfigMap): string[] {
  const keys = new Set([...expected.keys(), ...Object.keys(data)]);
  const found = (key: string) => withoutIds(data[key]);
  const wrong = [...keys].filter((key) => expected.get(key) !== found(key));
  return wrong.map((key) => `${name} ${key}: expected ${quoted(expected.get(key))}, there is ${quoted(found(key))}`);
}

/** A document without the ids of its peers, which follow from the uids that the API server made up. */
function withoutIds(text: string | undefined): string | undefined {
  return text?.replaceAll(/^\{"_id":"[-\w]{10}",/gm, "{");
}

function quoted(text: string | undefined): string {
  if (text === undefined) return "nothing";
  const json = JSON.stringify(text);
  return json.length <= 160 ? json : `${json.slice(0, 100)} … ${json.slice(-50)} (${text.length} characters)`;
}

/** What is wrong with the owners of the ConfigMaps, a line each: the garbage collector goes by them when the mirror is deleted. */
export function ownerFaults(there: ConfigMaps, mirrorUid: string | undefined): readonly string[] {
  return [...there].flatMap(([name, { owners }]) => {
    const [owner, ...others] = owners;
    const isRight =
      owner?.apiVersion === "metadatamirror.dev/v1alpha1" &&
      owner.kind === "MetadataMirror" &&
      owner.name === mirrorName &&
      owner.uid === mirrorUid &&
      owner.controller === true &&
      others.length === 0;
    return isRight
      ? []
      : [`${name}: expected the mirror (uid ${mirrorUid}) as its one owner, there is ${JSON.stringify(owners)}`];
  });
}
