import type { NodeKnowledge } from "./node-metadata.ts";
import type { ContainerResources, PodMetadata } from "./pod-metadata.ts";
import { isProblem, type Problem, type ProblemReason, type Projected } from "./problem.ts";
import { isZero, milliUnits, parseQuantity, type Quantity, wholeUnits } from "./quantity.ts";

/** A `resourceFieldRef` of core/v1. A divisor of 0 or "", or none, means 1. */
export interface ResourceFieldRef {
  readonly containerName: string;
  /** `requests.` or `limits.`, then `cpu`, `memory`, `ephemeral-storage` or `hugepages-<size>`. */
  readonly resource: string;
  readonly divisor?: string | number;
}

type Numbers = Readonly<Record<string, number>>;

/** Divisors in milli-CPUs. */
const milliCPU: Numbers = { "1m": 1, "1": 1e3 };

/** Divisors of the other resources, in whole units. */
const whole: Numbers = {
  "1": 1,
  "1k": 1e3,
  "1M": 1e6,
  "1G": 1e9,
  "1T": 1e12,
  "1P": 1e15,
  "1E": 1e18,
  "1Ki": 2 ** 10,
  "1Mi": 2 ** 20,
  "1Gi": 2 ** 30,
  "1Ti": 2 ** 40,
  "1Pi": 2 ** 50,
  "1Ei": 2 ** 60,
};

/** The divisors of cpu that `pkg/apis/core/validation` accepts, as it spells them. 0 is accepted too, and means 1. */
export const cpuDivisors: readonly string[] = Object.keys(milliCPU);

/** The divisors of memory, ephemeral-storage and hugepages, likewise. */
export const wholeDivisors: readonly string[] = Object.keys(whole);

interface Resource {
  readonly kind: "requests" | "limits";
  readonly name: string;
}

function parseResource(text: string): Resource | Problem {
  const [, kind, name = ""] = /^(requests|limits)\.(cpu|memory|ephemeral-storage|hugepages-.*)$/s.exec(text) ?? [];
  if (kind === "requests" || kind === "limits") return { kind, name };
  return unusable(
    "UnsupportedField",
    "must be requests or limits of cpu, memory, ephemeral-storage or hugepages-<size>",
  );
}

/**
 * Whether an unset limit is what the node has. Not of hugepages: they are not overcommitted, so their limit is always
 * set.
 */
function fallsBack({ kind, name }: Resource): boolean {
  return kind === "limits" && !name.startsWith("hugepages-");
}

/** Whether the value may depend on the node: limits of cpu, memory and ephemeral-storage. */
export function usesNode(ref: ResourceFieldRef): boolean {
  const resource = parseResource(ref.resource);
  return !isProblem(resource) && fallsBack(resource);
}

/**
 * The bytes that the kubelet writes for `ref` in a downwardAPI volume (`pkg/api/v1/resource/helpers.go`): the request
 * or limit in the pod's spec, cpu in milli-CPUs and the rest in whole units, divided by the divisor and rounded up.
 * Resources of the whole pod don't count, as in a volume and unlike in env. A limit of cpu, memory or
 * ephemeral-storage that is unset or 0 is the allocatable of the pod's node, and "" while the pod isn't bound to one;
 * whatever else is unset is 0.
 *
 * Problems: UnsupportedField, InvalidDivisor, UnknownContainer, NodeUnknown, InvalidQuantity, and Overflow, where Go
 * answers a wrong number. A message names the resource and the container, not the pod.
 */
export function resourceText(ref: ResourceFieldRef, pod: PodMetadata, node: NodeKnowledge): Projected {
  const value = valueOf(ref, pod, node);
  if (typeof value === "string") return { value };
  const message = `${ref.resource} of container "${ref.containerName}": ${value.message}`;
  return { problem: { reason: value.reason, message } };
}

function valueOf(ref: ResourceFieldRef, pod: PodMetadata, node: NodeKnowledge): string | Problem {
  const resource = parseResource(ref.resource);
  if (isProblem(resource)) return resource;
  const divisor = divisorOf(ref, resource);
  if (isProblem(divisor)) return divisor;
  const container = containerOf(ref, pod);
  if (isProblem(container)) return container;

  const inSpec = parseQuantity(own(container[resource.kind], resource.name) ?? "0");
  if (isProblem(inSpec) || !isZero(inSpec) || !fallsBack(resource)) return divided(inSpec, resource, divisor);
  if (pod.nodeName === "") return "";
  if (node === undefined || node === "forbidden") return nodeUnknown(pod.nodeName, node);
  return divided(parseQuantity(own(node.allocatable, resource.name) ?? "0"), resource, divisor);
}

function divisorOf({ divisor = "" }: ResourceFieldRef, { name }: Resource): number | Problem {
  const units = name === "cpu" ? milliCPU : whole;
  const text = String(divisor);
  return (
    own(units, text === "" || text === "0" ? "1" : text) ??
    unusable("InvalidDivisor", `its divisor "${text}" is not one of ${Object.keys(units).join(", ")}`)
  );
}

function containerOf(ref: ResourceFieldRef, { containers }: PodMetadata): ContainerResources | Problem {
  return (
    containers.find(({ name }) => name === ref.containerName) ??
    unusable("UnknownContainer", `the pod's containers are ${containers.map(({ name }) => name).join(", ")}`)
  );
}

/** The kubelet's last step, `int64(math.Ceil(float64(a)/float64(b)))`, in the same 64-bit floats. */
function divided(quantity: Quantity | Problem, { name }: Resource, divisor: number): string | Problem {
  if (isProblem(quantity)) return quantity;
  const amount = name === "cpu" ? milliUnits(quantity) : wholeUnits(quantity);
  if (isProblem(amount)) return amount;
  const result = Math.ceil(Number(amount) / divisor);
  if (result >= 2 ** 63) return unusable("Overflow", "it is more than a 64-bit integer holds");
  return String(BigInt(result));
}

function nodeUnknown(name: string, node: undefined | "forbidden"): Problem {
  const why =
    node === undefined ? "is not known yet" : "may not be read: let the operator read nodes, or set the limit";
  return unusable("NodeUnknown", `it is not set, so it is what node "${name}" has, which ${why}`);
}

function own<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function unusable(reason: ProblemReason, message: string): Problem {
  return { reason, message };
}
