import type { ItemProblem, PeerRecord } from "../project.ts";
import type { Aggregate, Fragment } from "./aggregate.ts";

/** The longest line that every reader takes, in bytes: musl reads 511 at once, the newline among them (`name_from_hosts`). */
const maxLineLength = 510;

/**
 * The `Hosts` format, to be appended to /etc/hosts: `<ip> <pod> <pod>.<namespace>`, a line for each IP of a pod, all pods that
 * share an IP (`hostNetwork`) on one line, and on a further one where musl could not read it. IPs are in the order of the first
 * pod that has them, names in that of the pods. A pod without IPs is not in it.
 */
export function hostsAggregate(key: string): Aggregate {
  return { key, fragment: hostsFragment, document: hostsDocument };
}

function hostsFragment({ name, namespace, podIPs }: Pick<PeerRecord, "name" | "namespace" | "podIPs">): Fragment {
  if (podIPs.length === 0) return { text: "" };
  const names = [name, `${name}.${namespace}`];
  const valid = names.filter(isHostName);
  const text = [...new Set(podIPs)].flatMap((ip) => lines(ip, valid)).join("\n");
  return valid.length === names.length ? { text } : { text, problems: [notHostName(valid.length > 0)] };
}

/** RFC 1123, 2.1: labels of letters, digits and inner hyphens, 63 characters each at most and 253 in all. A pod's may be longer. */
function isHostName(name: string): boolean {
  return name.length <= 253 && name.split(".").every((label) => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(label));
}

function notHostName(isShortOne: boolean): ItemProblem {
  const which = isShortOne ? "with its namespace the pod's name" : "the pod's name";
  const message = `${which} is no host name: that has at most 63 characters between dots, and at most 253 in all`;
  return { path: "metadata.name", reason: "NotHostName", message };
}

function hostsDocument(fragments: readonly string[]): string {
  const namesOf = new Map<string, Set<string>>();
  for (const line of fragments.flatMap((text) => (text === "" ? [] : text.split("\n")))) {
    const [ip = "", ...names] = line.split(" ");
    const known = namesOf.get(ip) ?? new Set();
    for (const name of names) known.add(name);
    namesOf.set(ip, known);
  }
  return [...namesOf].flatMap(([ip, names]) => lines(ip, names).map((line) => `${line}\n`)).join("");
}

/** As few lines as hold the names in their order. */
function lines(ip: string, names: Iterable<string>): readonly string[] {
  const made: string[] = [];
  for (const name of names) {
    const line = `${made.at(-1) ?? ip} ${name}`;
    if (made.length > 0 && line.length <= maxLineLength) made[made.length - 1] = line;
    else made.push(`${ip} ${name}`);
  }
  return made;
}
