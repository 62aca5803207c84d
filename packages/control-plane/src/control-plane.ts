import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AuditRule, auditLogPath } from "./audit.ts";
import { startApiServer, writeApiServerFiles } from "./api-server.ts";
import { etcdBytes, etcdData, startEtcd } from "./etcd.ts";
import { type FindOptions, findBinary } from "./find-binary.ts";
import { onFreePort } from "./free-port.ts";
import { kubeconfig, type Login } from "./kubeconfig.ts";
import { createScratchDirectory, type ScratchDirectory } from "./scratch-directory.ts";
import { type Account, adminUser, issueTokens, tokenFile, type User } from "./user.ts";

export interface ControlPlaneOptions extends FindOptions {
  /** Who can log in besides the admin, by `user` of the control plane. Names are unique. */
  readonly users?: readonly User[];
  /** What the API server logs of requests; no log by default. */
  readonly audit?: readonly AuditRule[];
}

/** A login, also as a kubeconfig (YAML text). */
export interface Access extends Login {
  readonly kubeconfig: string;
}

/**
 * A running API server with its etcd. It itself is the admin's access, who may do everything. Disposing kills both
 * processes and removes the directory; that happens too, a moment later, when our process dies in any way.
 */
export interface ControlPlane extends Access, AsyncDisposable {
  /** A file with the admin's kubeconfig. */
  readonly kubeconfigPath: string;
  /** Where data, certificates and logs (`etcd.log`, `kube-apiserver.log`) are. */
  readonly directory: string;
  /** The log of requests, where `audit` asks for one: a line of JSON each, `Event` of audit.k8s.io/v1. */
  readonly auditLogPath: string;
  /** The access of a user named in the options; throws for any other. RBAC decides what they may do. */
  user(name: string): Access;
  /** Kills the API server as a crash would and starts it again: same address, CA, tokens and data. */
  restartApiServer(): Promise<void>;
  /** Has etcd stand still until what is returned is disposed of: the API server waits for it, and answers in the end that it took too long. */
  pauseEtcd(): Disposable;
  /** Remembers the data as it is now. */
  checkpoint(): Promise<Checkpoint>;
  /** The two processes as they are now, for who measures or stops them. */
  pids(): { readonly etcd: number; readonly apiServer: number };
  /** How many bytes of etcd's database are in use: every version of every object, until the API server compacts them, each 5 minutes. */
  etcdBytes(): Promise<number>;
}

/** The data of a control plane as it was once. */
interface Checkpoint {
  /**
   * Kills both processes and starts them again with this data, as after a restore from a backup: what was done since has never happened,
   * and the resourceVersions that it took are given again. Address, CA and tokens stay.
   */
  restore(): Promise<void>;
}

/**
 * Starts etcd and kube-apiserver on loopback, in a temporary directory (below TMPDIR), and resolves when the server is ready
 * and has made the namespace `default`. Nothing else runs. No scheduler, no kubelet: pods stay as they are created until
 * someone patches their status. No controllers: nothing is garbage collected, a deleted namespace stays Terminating, a new
 * one gets no service account, and the aggregated ClusterRoles (`admin`, `edit`, `view`) are empty.
 *
 * Binaries are found, or built, by `findBinary`. When one does not start, the error holds the end of its log and the
 * directory is left, without the data, to be read. `signal` ends a start, not what has started.
 */
export async function startControlPlane({ users = [], audit, ...options }: ControlPlaneOptions): Promise<ControlPlane> {
  const { env, signal = new AbortController().signal } = options;
  const binaries = {
    etcd: await findBinary("etcd", options),
    apiServer: await findBinary("kube-apiserver", options),
  };
  const scratch = await createScratchDirectory(env);
  try {
    return await start(binaries, scratch, issueTokens([adminUser, ...users]), audit, signal);
  } catch (error) {
    if (signal.aborted) {
      await scratch[Symbol.asyncDispose]();
    } else {
      await scratch.keep();
      await rm(etcdData(scratch.path), { recursive: true, force: true });
    }
    throw error;
  }
}

/** What it has started when it throws is tied to `scratch`. */
async function start(
  binaries: { readonly etcd: string; readonly apiServer: string },
  scratch: ScratchDirectory,
  accounts: readonly Account[],
  audit: readonly AuditRule[] | undefined,
  signal: AbortSignal,
): Promise<ControlPlane> {
  await writeApiServerFiles(scratch.path, tokenFile(accounts));
  let etcd = await startEtcd(binaries.etcd, scratch, signal);
  const adminToken = tokenOf(accounts, adminUser.name);
  const startOn = (port: number) =>
    startApiServer({ binary: binaries.apiServer, port, adminToken, audit, scratch, signal });
  let apiServer = await onFreePort(startOn);

  const user = (name: string): Access => {
    const login = { ...apiServer.login, token: tokenOf(accounts, name) };
    return { ...login, kubeconfig: kubeconfig(login, name) };
  };
  const admin = user(adminUser.name);
  const kubeconfigPath = join(scratch.path, "kubeconfig");
  await writeFile(kubeconfigPath, admin.kubeconfig);

  return {
    ...admin,
    kubeconfigPath,
    directory: scratch.path,
    auditLogPath: auditLogPath(scratch.path),
    user,
    async restartApiServer() {
      await apiServer.component[Symbol.asyncDispose]();
      apiServer = await startOn(apiServer.port);
    },
    pauseEtcd: () => etcd.pause(),
    async checkpoint() {
      const copy = await mkdtemp(join(scratch.path, "checkpoint-"));
      // standing still it has its files as a crash would leave them, which it can start from
      using _ = etcd.pause();
      await cp(etcdData(scratch.path), copy, { recursive: true });
      return {
        async restore() {
          await apiServer.component[Symbol.asyncDispose]();
          await etcd[Symbol.asyncDispose]();
          await rm(etcdData(scratch.path), { recursive: true });
          await cp(copy, etcdData(scratch.path), { recursive: true });
          etcd = await startEtcd(binaries.etcd, scratch, signal);
          apiServer = await startOn(apiServer.port);
        },
      };
    },
    pids: () => ({ etcd: etcd.pid, apiServer: apiServer.component.pid }),
    etcdBytes: () => etcdBytes(scratch.path),
    [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose](),
  };
}

function tokenOf(accounts: readonly Account[], name: string): string {
  const account = accounts.find((account) => account.name === name);
  if (!account) throw new Error(`no user "${name}": name it in the users of startControlPlane`);
  return account.token;
}
