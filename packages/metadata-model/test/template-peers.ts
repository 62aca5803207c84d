import type { TemplatePeer } from "../src/render/template-peer.ts";

/** A peer as templates see it; `fields` are its items. */
export function templatePeer(fields: Readonly<Record<string, unknown>> = {}): TemplatePeer {
  return Object.assign(Object.create(null) as object, { _id: "#1" }, fields);
}

/** `web-0`, `web-1` and so on, each with a name, an IP, labels, a number of milli-CPUs and a list of IPs. */
export function templatePeers(count: number, more: Readonly<Record<string, unknown>> = {}): TemplatePeer[] {
  return Array.from({ length: count }, (_, index) =>
    templatePeer({
      _id: `#${index}`,
      name: `web-${index}`,
      ip: `10.0.${index >> 8}.${index & 255}`,
      labels: { app: "web", zone: `z${index % 3}` },
      cpu: 250 + index,
      ips: [`10.0.0.${index}`, "fd00::1"],
      ...more,
    }),
  );
}
