import { join } from "node:path";

/** A folder of `go/`. Each pins what its binaries are made of, apart from the others. */
type GoModuleName = "kubernetes" | "coredns" | "kind" | "prometheus";

/**
 * Name, module, package (from "./" on: a folder of the module), the seconds that it takes to build on 2 cores with nothing
 * cached but what stands above it, the gigabytes that Go's caches grow by then, and whether another version will do too.
 */
const table = [
  ["etcd", "kubernetes", "go.etcd.io/etcd/server/v3", 60, 1, "any"],
  ["kube-apiserver", "kubernetes", "k8s.io/kubernetes/cmd/kube-apiserver", 250, 3.5, "any"],
  ["kubectl", "kubernetes", "k8s.io/kubernetes/cmd/kubectl", 60, 1, "any"],
  ["downward-oracle", "kubernetes", "./downward-oracle", 30, 1, "pinned"],
  ["kube-controller-manager", "kubernetes", "k8s.io/kubernetes/cmd/kube-controller-manager", 70, 1.5, "pinned"],
  ["kube-scheduler", "kubernetes", "k8s.io/kubernetes/cmd/kube-scheduler", 20, 1, "pinned"],
  ["kubelet", "kubernetes", "k8s.io/kubernetes/cmd/kubelet", 30, 1, "pinned"],
  ["kube-proxy", "kubernetes", "k8s.io/kubernetes/cmd/kube-proxy", 20, 1, "pinned"],
  ["kubeadm", "kubernetes", "k8s.io/kubernetes/cmd/kubeadm", 20, 1, "pinned"],
  ["coredns", "coredns", "github.com/coredns/coredns", 100, 2, "pinned"],
  ["kind", "kind", "sigs.k8s.io/kind", 10, 0.5, "any"],
  ["file-sd-oracle", "prometheus", "./file-sd-oracle", 25, 0.5, "pinned"],
  ["promtool", "prometheus", "github.com/prometheus/prometheus/cmd/promtool", 150, 2, "pinned"],
] as const satisfies readonly (readonly [string, GoModuleName, string, number, number, "any" | "pinned"])[];

/** A binary this package can find or build, named as its file is. */
export type BinaryName = (typeof table)[number][0];

/** What Go must be told to build a binary, and what to expect. */
export interface Program {
  readonly name: string;
  /** The folder of the module that pins what it is made of: its go.mod and go.sum. */
  readonly directory: string;
  /** The Go package, as the module resolves it: from "./" on, a folder of ours, whose source go.sum does not pin. */
  readonly package: string;
  readonly expectedSeconds: number;
  /** What Go's caches grow by when they are empty. */
  readonly neededBytes: number;
  /** Whether another version will do too, such as the one on PATH. */
  readonly anyVersion: boolean;
}

/** `go/` lies beside the sources, and beside `dist/`. */
const goDirectory = join(import.meta.dirname, "../go");

export const programs = Object.fromEntries(
  table.map(([name, module, goPackage, expectedSeconds, gigabytes, version]): [string, Program] => [
    name,
    {
      name,
      directory: join(goDirectory, module),
      package: goPackage,
      expectedSeconds,
      neededBytes: gigabytes * 1e9,
      anyVersion: version === "any",
    },
  ]),
) as Record<BinaryName, Program>;
