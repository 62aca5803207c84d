import { Gauge, type Registry } from "prom-client";

/** What is watched, and where: "" is the whole cluster. */
interface ContactLabels {
  readonly resource: string;
  readonly scope: string;
}

/** When the API server last proved to be there, for each watch. */
export interface Contacts {
  /** Told of each event, of which there are thousands a second. */
  set(labels: ContactLabels, seconds: number): void;
  remove(labels: ContactLabels): void;
}

/** A gauge of that. It hashes the labels of each value that it is given, so that it is given them when it is asked only. */
export function createContacts(name: string, registers: Registry[]): Contacts {
  const contacts = new Map<string, { readonly labels: ContactLabels; readonly seconds: number }>();
  const keyOf = ({ resource, scope }: ContactLabels) => `${resource}/${scope}`;
  new Gauge({
    name,
    help: "When the API server last proved to be there: an event, a bookmark or a reply.",
    labelNames: ["resource", "scope"],
    registers,
    collect() {
      this.reset();
      for (const { labels, seconds } of contacts.values()) this.set({ ...labels }, seconds);
    },
  });
  return {
    set: (labels, seconds) => void contacts.set(keyOf(labels), { labels, seconds }),
    remove: (labels) => void contacts.delete(keyOf(labels)),
  };
}
