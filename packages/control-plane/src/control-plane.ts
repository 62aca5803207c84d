import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startApiServer, writeApiServerFiles } from "./api-server.ts";
import { startEtcd } from "./etcd.ts";
import { type FindOptions, findBinary } from "./find-binary.ts";
import { onFreePort } from "./free-port.ts";
import { kubeconfig, type Login } from "./kubeconfig.ts";
import { createScratchDirectory, type ScratchDirectory } from "./scratch-directory.ts";
import { ADMIN, issueTokens, tokenFile, type User } from "./user.ts";

export type ControlPlaneOptions = FindOptions & {
  /** Who can log in besides the admin, by {@link ControlPlane.user}. Names are unique. */
  readonly users?: readonly User[];
};

/** A login, also as a kubeconfig (YAML text). */
export type Access = Login & { readonly kubeconfig: string };

/**
 * A running API server with its etcd. It itself is the admin's access, who may do everything. Disposing kills both
 * processes and removes the directory; that happens too, a moment later, when our process dies in any way.
 */
export type ControlPlane = Access &
  AsyncDisposable & {
    /** A file with the admin's kubeconfig. */
    readonly kubeconfigPath: string;
    /** Where data, certificates and logs (`etcd.log`, `kube-apiserver.log`) are. */
    readonly directory: string;
    /** The access of a user named in the options; throws for any other. RBAC decides what they may do. */
    user(name: string): Access;
    /** Kills the API server as a crash would and starts it again: same address, CA, tokens and data. */
    restartApiServer(): Promise<void>;
    /** The two processes as they are now, for who measures or stops them. */
    pids(): { readonly etcd: number; readonly apiServer: number };
  };

/**
 * Starts etcd and kube-apiserver on loopback, in a temporary directory (below TMPDIR), and resolves when the server is ready
 * and has made the namespace `default`. Nothing else runs. No scheduler, no kubelet: pods stay as they are created until
 * someone patches their status. No controllers: nothing is garbage collected, a deleted namespace stays Terminating, a new
 * one gets no service account, and the aggregated ClusterRoles (`admin`, `edit`, `view`) are empty.
 *
 * Binaries are found, or built, by {@link findBinary}. When one does not start, the error holds the end of its log and the
 * directory is left, without the data, to be read. `signal` ends a start, not what has started.
 */
export const startControlPlane = async ({ users = [], ...options }: ControlPlaneOptions): Promise<ControlPlane> => {
  const binaries = {
    etcd: await findBinary("etcd", options),
    apiServer: await findBinary("kube-apiserver", options),
  };
  const scratch = await createScratchDirectory(options.env);
  try {
    return await start(binaries, scratch, [ADMIN, ...users], options.signal);
  } catch (error) {
    if (options.signal?.aborted) {
      await scratch[Symbol.asyncDispose]();
    } else {
      await rm(join(scratch.path, "etcd"), { recursive: true, force: true });
      await scratch.keep();
    }
    throw error;
  }
};

const start = async (
  binaries: { readonly etcd: string; readonly apiServer: string },
  scratch: ScratchDirectory,
  users: readonly User[],
  signal: AbortSignal | undefined,
): Promise<ControlPlane> => {
  const tokens = issueTokens(users);
  await writeApiServerFiles(scratch.path, tokenFile(users, tokens));
  const etcd = await startEtcd(binaries.etcd, scratch, signal);

  const startOn = (port: number) =>
    startApiServer(binaries.apiServer, port, tokenOf(tokens, ADMIN.name), scratch, signal);
  let apiServer = await onFreePort(startOn).catch(async (error: unknown) => {
    await etcd[Symbol.asyncDispose]();
    throw error;
  });

  const user = (name: string): Access => {
    const login = { ...apiServer.login, token: tokenOf(tokens, name) };
    return { ...login, kubeconfig: kubeconfig(login, name) };
  };
  const admin = user(ADMIN.name);
  const kubeconfigPath = join(scratch.path, "kubeconfig");
  await writeFile(kubeconfigPath, admin.kubeconfig);

  return {
    ...admin,
    kubeconfigPath,
    directory: scratch.path,
    user,
    async restartApiServer() {
      await apiServer.component[Symbol.asyncDispose]();
      apiServer = await startOn(apiServer.port);
    },
    pids: () => ({ etcd: etcd.pid, apiServer: apiServer.component.pid }),
    async [Symbol.asyncDispose]() {
      await Promise.all([apiServer.component, etcd].map((component) => component[Symbol.asyncDispose]()));
      await scratch[Symbol.asyncDispose]();
    },
  };
};

const tokenOf = (tokens: ReadonlyMap<string, string>, name: string): string => {
  const token = tokens.get(name);
  if (token === undefined) throw new Error(`no user "${name}": name it in the users of startControlPlane`);
  return token;
};
