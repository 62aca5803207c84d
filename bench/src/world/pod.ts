import { seqText } from "./ledger.ts";

/** A pod to be made: of 4 to 6 KB, as the API server stores it. */
export interface PodSpec {
  readonly namespace: string;
  readonly name: string;
  /** The value of the label `app`. */
  readonly app: string;
  /** Counts all pods: what else differs from pod to pod follows from it. */
  readonly ordinal: number;
}

/** `count` pods of one app, in one namespace. */
export function podSpecs(namespace: string, app: string, count: number, from = 0): readonly PodSpec[] {
  return Array.from({ length: count }, (_, index) => ({
    namespace,
    name: `${app}-7d9f8c6b5d-${String(from + index).padStart(5, "0")}`,
    app,
    ordinal: from + index,
  }));
}

/** What differs from pod to pod of the same app, each text of the same length for all. */
interface Particulars {
  readonly name: string;
  readonly nodeName: string;
  readonly podIP: string;
  readonly hostIP: string;
  readonly zone: string;
  readonly note: string;
}

function particulars({ name, ordinal }: PodSpec): Particulars {
  const node = ordinal % 100;
  const octet = (value: number): number => 100 + (Math.floor(value) % 100);
  const said = `peer ${String(ordinal).padStart(6, "0")}: cache warm, weight ${ordinal % 7}, drains in 30 s, serves reads and writes`;
  return {
    name,
    nodeName: `node-${String(node).padStart(3, "0")}.eu-west-1.internal`,
    podIP: `10.${octet(ordinal / 10_000)}.${octet(ordinal / 100)}.${octet(ordinal)}`,
    hostIP: `172.16.1.${octet(node)}`,
    zone: `eu-west-1${"abc"[ordinal % 3]}`,
    note: said.padEnd(112, "."),
  };
}

/** All texts by which a pod differs from others of its app, in the same order for all; `uid` is what the API server gave or would give it. */
export function textsOf(pod: PodSpec, seq: number, uid: string): readonly string[] {
  return [...Object.values(particulars(pod)), seqText(seq), uid];
}

/** The pod as it is created, as JSON: as a Deployment's template would have it. */
export function podBody(pod: PodSpec, seq: number): string {
  const { namespace, app } = pod;
  const { name, nodeName, zone, note } = particulars(pod);
  const labels = {
    app,
    "app.kubernetes.io/version": "2.14.0",
    "pod-template-hash": "7d9f8c6b5d",
    team: "storefront",
    tier: "frontend",
    zone,
  };
  const annotations = { "bench/seq": seqText(seq), "bench/note": note };
  return JSON.stringify({ metadata: { namespace, name, labels, annotations }, spec: { nodeName, ...specOf(app) } });
}

/** The status that a kubelet would report of it, as a merge patch in JSON. */
export function statusBody(pod: PodSpec): string {
  const { podIP, hostIP } = particulars(pod);
  const base = { phase: "Running", podIP, podIPs: [{ ip: podIP }], hostIP, hostIPs: [{ ip: hostIP }] };
  return JSON.stringify({ status: { ...base, startTime: started, conditions, containerStatuses } });
}

const started = "2026-11-24T08:00:00Z";

function specOf(app: string) {
  const probe = (path: string) => ({ httpGet: { path, port: "http" }, periodSeconds: 10, failureThreshold: 3 });
  const fieldRef = (fieldPath: string) => ({ valueFrom: { fieldRef: { fieldPath } } });
  return {
    serviceAccountName: app,
    terminationGracePeriodSeconds: 45,
    containers: [
      {
        name: "main",
        image: "registry.example.com/shop/storefront:2.14.0",
        args: ["--listen=:8080", "--metrics=:9090", "--log-level=info"],
        ports: [{ name: "http", containerPort: 8080 }],
        env: [
          { name: "POD_NAME", ...fieldRef("metadata.name") },
          { name: "POD_IP", ...fieldRef("status.podIP") },
          { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "storefront-database", key: "url" } } },
          { name: "CACHE_URL", value: "redis://storefront-cache.shop.svc.cluster.local:6379/0" },
        ],
        resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "512Mi" } },
        readinessProbe: probe("/readyz"),
        volumeMounts: [{ name: "config", mountPath: "/etc/storefront", readOnly: true }],
        securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
      },
    ],
    volumes: [{ name: "config", configMap: { name: "storefront" } }],
    tolerations: [
      { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
      { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
    ],
  };
}

const conditions = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map(
  (type) => ({
    type,
    status: "True",
    lastTransitionTime: started,
  }),
);

const containerStatuses = [
  {
    name: "main",
    ready: true,
    started: true,
    restartCount: 0,
    image: "registry.example.com/shop/storefront:2.14.0",
    imageID:
      "registry.example.com/shop/storefront@sha256:4e5a2f0c9d1b7e8364f0a1d2c3b4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f6",
    containerID: "containerd://9c1f0e2d3b4a59687786a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0",
    state: { running: { startedAt: started } },
  },
];
