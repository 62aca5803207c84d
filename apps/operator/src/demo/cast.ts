import type { PodSketch } from "./sandbox.ts";

/** A peer as the ConfigMap is to show it. The texts are spelled out by hand: nothing of the model has a part in them. */
export interface ExpectedPeer {
  readonly name: string;
  /** Path of the item → the bytes of its file. */
  readonly files: Readonly<Record<string, string>>;
  /** Its line of `peers.json`. */
  readonly json: string;
}

/** A pod of the demo, and the peer that is to be seen. */
export interface Actor {
  readonly pod: PodSketch;
  readonly peer: ExpectedPeer;
}

/** A peer with two labels. */
export const web0: Actor = {
  pod: { name: "web-0", labels: { app: "web", track: "stable" }, podIP: "10.0.0.10" },
  peer: {
    name: "web-0",
    files: {
      podName: "web-0",
      podIP: "10.0.0.10",
      labels: 'app="web"\ntrack="stable"',
      annotations: "",
      cpuRequestMilli: "15",
    },
    json: '{"podName":"web-0","podIP":"10.0.0.10","labels":{"app":"web","track":"stable"},"annotations":{},"cpuRequestMilli":15}',
  },
};

/** web-0 with another label. */
export const web0Canary: ExpectedPeer = {
  name: "web-0",
  files: { ...web0.peer.files, labels: 'app="web"\ntrack="canary"' },
  json: '{"podName":"web-0","podIP":"10.0.0.10","labels":{"app":"web","track":"canary"},"annotations":{},"cpuRequestMilli":15}',
};

/** A peer with one label. */
export const web1: Actor = {
  pod: { name: "web-1", labels: { app: "web" }, podIP: "10.0.0.11" },
  peer: {
    name: "web-1",
    files: { podName: "web-1", podIP: "10.0.0.11", labels: 'app="web"', annotations: "", cpuRequestMilli: "15" },
    json: '{"podName":"web-1","podIP":"10.0.0.11","labels":{"app":"web"},"annotations":{},"cpuRequestMilli":15}',
  },
};

/** What web-1 is annotated with. */
export const note = 'Say "hi"\nto Zoë → ✓';

/** web-1 with the note: quoted as Go does in its file, as JSON does in the document. */
export const web1Noted: ExpectedPeer = {
  name: "web-1",
  files: { ...web1.peer.files, annotations: String.raw`note="Say \"hi\"\nto Zoë → ✓"` },
  json: String.raw`{"podName":"web-1","podIP":"10.0.0.11","labels":{"app":"web"},"annotations":{"note":"Say \"hi\"\nto Zoë → ✓"},"cpuRequestMilli":15}`,
};

/** A peer with another CPU request. */
export const web2: Actor = {
  pod: {
    name: "web-2",
    labels: { app: "web" },
    podIP: "10.0.0.12",
    spec: { containers: [{ name: "main", image: "web", resources: { requests: { cpu: "0.25" } } }] },
  },
  peer: {
    name: "web-2",
    files: { podName: "web-2", podIP: "10.0.0.12", labels: 'app="web"', annotations: "", cpuRequestMilli: "250" },
    json: '{"podName":"web-2","podIP":"10.0.0.12","labels":{"app":"web"},"annotations":{},"cpuRequestMilli":250}',
  },
};

/** No peer, until the selector takes its app in. */
export const db0: Actor = {
  pod: { name: "db-0", labels: { app: "db" }, podIP: "10.0.0.20" },
  peer: {
    name: "db-0",
    files: { podName: "db-0", podIP: "10.0.0.20", labels: 'app="db"', annotations: "", cpuRequestMilli: "15" },
    json: '{"podName":"db-0","podIP":"10.0.0.20","labels":{"app":"db"},"annotations":{},"cpuRequestMilli":15}',
  },
};

function extra(number: number): Actor {
  const name = `web-x${String(number).padStart(3, "0")}`;
  const podIP = `10.0.1.${number}`;
  return {
    pod: { name, labels: { app: "web" }, podIP },
    peer: {
      name,
      files: { podName: name, podIP, labels: 'app="web"', annotations: "", cpuRequestMilli: "15" },
      json: `{"podName":"${name}","podIP":"${podIP}","labels":{"app":"web"},"annotations":{},"cpuRequestMilli":15}`,
    },
  };
}

/** Enough pods that one ConfigMap, which holds 100 peers, is too small: web-x000 to web-x149. */
export const extras: readonly Actor[] = Array.from({ length: 150 }, (_, number) => extra(number));
