import type { Login } from "@metadata-mirror/control-plane";

/** What a contestant is made and started with. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The path of Node.js. */
  readonly node: string;
  /** A directory of this run, gone after it. */
  readonly directory: string;
  /** A line of progress, for a person. */
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What a contestant has to do: to keep lines of the pods with label `app=<app>` in ConfigMaps named after `configMap`. */
export interface Job {
  readonly kubeconfigPath: string;
  /** What that file says. */
  readonly login: Login;
  readonly namespace: string;
  /** The value of the label `app`. */
  readonly app: string;
  /** The base name of the ConfigMaps. */
  readonly configMap: string;
  /** A file that both streams of the process are appended to. */
  readonly logPath: string;
  /**
   * How many lines an object may hold where there are more pods than fit into one (1 MiB): for contestants that put all into one
   * object otherwise. BENCH_PEERS_PER_SHARD is that then, and the smaller of the two for those that shard anyway.
   */
  readonly mostPerObject?: number;
  /** More variables for builds of the operator: how it shares the work with other replicas. */
  readonly operatorEnv?: Readonly<Record<string, string>>;
}

/** A started contestant. Disposing ends it and waits for that. */
export interface Running extends AsyncDisposable {
  readonly pid: number;
  /** Resolves when the process has ended by itself; rejects where that was a failure. Never settles where we ended it. */
  readonly ended: Promise<void>;
  /** Kills it as a crash would, and waits for its end. */
  kill(): Promise<void>;
}

/** A way to do the job, as a process of its own. */
export interface Contestant {
  readonly name: string;
  /** Short, for flags and files. */
  readonly id: string;
  /** Builds what it is made of; may take minutes the first time. Throws where it can't be had here. */
  readonly prepare: (host: Host) => Promise<void>;
  /** Starts a fresh process. */
  readonly start: (job: Job, host: Host) => Promise<Running>;
}
