/** A pod, by what mirrors may show of it. */
export interface Pod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Value of the annotation `soak/note`. */
  readonly note: string;
  /** "" while it has none. */
  readonly node: string;
  readonly phase: "Pending" | "Running" | "Succeeded" | "Failed";
  readonly ready: boolean;
  /** "" while it has none. */
  readonly ip: string;
  /** The request of its container, in milli-CPUs. */
  readonly cpuRequest: number;
  /** The limit of its container, in CPUs; undefined: what its node has. */
  readonly cpuLimit: number | undefined;
  /** It is being deleted. */
  readonly terminating: boolean;
}

/** The one container of each pod. */
export const container = "main";

export const noteAnnotation = "soak/note";
