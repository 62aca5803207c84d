/** How an operator runs. */
export interface OperatorConfig {
  /** The namespaces to watch; undefined means all of them. */
  readonly namespaces: readonly string[] | undefined;
  /** How many mirrors are worked on at once. */
  readonly workers: number;
  /** Stored bytes a second, in all. */
  readonly writeBytesPerSecond: number;
  /** Stored bytes a second, of one namespace. */
  readonly namespaceWriteBytesPerSecond: number;
  /** The least time between two writes of one mirror's ConfigMaps, in milliseconds. */
  readonly minWriteIntervalMs: number;
  /** Pods that are told of a change a second, in all. */
  readonly refreshQps: number;
  /** Port of the probes and metrics; undefined means none. */
  readonly healthPort: number | undefined;
  /** How the mirrors are shared with other replicas; undefined: there are none, all mirrors are ours. */
  readonly leases: LeaseConfig | undefined;
}

/** How replicas share the mirrors. */
export interface LeaseConfig {
  /** Where the Leases are. */
  readonly namespace: string;
  /** How many shards there are, each with a Lease: the same for all replicas. */
  readonly shards: number;
}

const mebibyte = 1024 * 1024;

export const defaultConfig: OperatorConfig = {
  namespaces: undefined,
  workers: 16,
  writeBytesPerSecond: 4 * mebibyte,
  namespaceWriteBytesPerSecond: 2 * mebibyte,
  minWriteIntervalMs: 0,
  refreshQps: 50,
  healthPort: undefined,
  leases: undefined,
};
