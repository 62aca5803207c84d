import type { PeerRecord } from "../src/project.ts";

type Item = PeerRecord["items"][number];

/** An item that is a text. */
export const textItem = (path: string, text: string): Item => ({ path, text, json: JSON.stringify(text) });

/** An item that is a map; the text of its file isn't asked for. */
export const mapItem = (path: string, map: Readonly<Record<string, string>>): Item => ({
  path,
  text: "",
  json: JSON.stringify(map),
});

/** The peer `shop/web-1` with one IP and no items, but for what `fields` says. */
export function peerRecord(fields: Partial<PeerRecord> = {}): PeerRecord {
  const { podIP = "10.0.0.1" } = fields;
  return {
    id: "#web-1",
    own: true,
    namespace: "shop",
    name: "web-1",
    podIP,
    podIPs: podIP === "" ? [] : [podIP],
    items: [],
    problems: [],
    ...fields,
  };
}
