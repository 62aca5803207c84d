import { join } from "node:path";
import { execa } from "execa";

/** The machine that the cluster is brought up on. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user that we run as; 0 is root. */
  readonly uid: number;
  /** Ends what is running. */
  readonly signal: AbortSignal;
}

/** A line for whoever waits. */
export type Report = (line: string) => void;

export interface RunOptions {
  /** Default: where we run. */
  readonly cwd?: string;
  /** Told each line of output. */
  readonly report?: Report;
  /** Beside the environment of the host. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program to its end and answers what it wrote to standard output.
 *
 * @throws where it can't be run or ends with another exit code than 0: the message has the command and all that it wrote.
 */
export async function run(
  { env, signal }: Host,
  file: string,
  args: readonly string[],
  { cwd, report, env: more }: RunOptions = {},
): Promise<string> {
  const child = execa(file, args, {
    env: { ...env, ...more },
    extendEnv: false,
    cancelSignal: signal,
    stdin: "ignore",
    all: true,
    ...(cwd !== undefined && { cwd }),
  });
  if (report !== undefined) for await (const line of child.iterable({ from: "all" })) report(line);
  return (await child).stdout;
}

/** Whether the program can be run and ends well. */
export function succeeds(host: Host, file: string, args: readonly string[]): Promise<boolean> {
  return run(host, file, args).then(
    () => true,
    () => false,
  );
}

/** The folder that keeps what outlives a run: the engine's log, the kubeconfig. */
export function stateDirectory({ env }: Host): string {
  return join(env["XDG_CACHE_HOME"] || join(env["HOME"] ?? "/", ".cache"), "metadata-mirror", "e2e");
}
