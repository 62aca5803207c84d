/** A binary this package can find or build, named as its file is. */
export type BinaryName = "etcd" | "kube-apiserver" | "kubectl" | "downward-oracle";

/** What Go must be told to build a binary, and what to expect. */
export interface Program {
  readonly name: BinaryName;
  /** The Go package, as the module in `go/` resolves it. */
  readonly package: string;
  /** Measured on 2 cores with nothing cached, kubectl and downward-oracle after the others. */
  readonly expectedSeconds: number;
  /** What Go's caches grow by when they are empty. */
  readonly neededBytes: number;
  /** Whether the package is a folder of our own module, whose source go.sum does not pin. */
  readonly ours: boolean;
}

export const programs: Readonly<Record<BinaryName, Program>> = {
  etcd: {
    name: "etcd",
    package: "go.etcd.io/etcd/server/v3",
    expectedSeconds: 60,
    neededBytes: 1e9,
    ours: false,
  },
  "kube-apiserver": {
    name: "kube-apiserver",
    package: "k8s.io/kubernetes/cmd/kube-apiserver",
    expectedSeconds: 250,
    neededBytes: 3.5e9,
    ours: false,
  },
  kubectl: {
    name: "kubectl",
    package: "k8s.io/kubernetes/cmd/kubectl",
    expectedSeconds: 60,
    neededBytes: 1e9,
    ours: false,
  },
  "downward-oracle": {
    name: "downward-oracle",
    package: "./downward-oracle",
    expectedSeconds: 30,
    neededBytes: 1e9,
    ours: true,
  },
};
