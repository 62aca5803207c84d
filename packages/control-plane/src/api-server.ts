import { generateKeyPairSync } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";
import { type AuditRule, auditArgs } from "./audit.ts";
import { type Component, startComponent, whenReady } from "./component.ts";
import { etcdUrl } from "./etcd.ts";
import { statusOf } from "./http-status.ts";
import type { Login } from "./kubeconfig.ts";
import type { ScratchDirectory } from "./scratch-directory.ts";

export interface ApiServerOptions {
  /** The path of kube-apiserver. */
  readonly binary: string;
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  /** One of the tokens that writeApiServerFiles wrote. */
  readonly adminToken: string;
  /** What it logs of requests; nothing where it's undefined. */
  readonly audit: readonly AuditRule[] | undefined;
  readonly scratch: ScratchDirectory;
  readonly signal: AbortSignal;
}

/** A running API server and the admin's login. */
export interface ApiServer {
  readonly component: Component;
  readonly port: number;
  readonly login: Login;
}

/** Writes what the API server reads at its start: the key pair of service accounts' tokens, and the users' tokens. */
export async function writeApiServerFiles(directory: string, tokenFile: string): Promise<void> {
  const keys = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    privateKeyEncoding: { type: "sec1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  await writeFile(join(directory, "service-account.key"), keys.privateKey);
  await writeFile(join(directory, "service-account.pub"), keys.publicKey);
  await writeFile(join(directory, "tokens.csv"), tokenFile);
}

/**
 * Starts kube-apiserver and waits until it is ready and has made the namespace `default`, which it does a little later. All
 * is as by default but for RBAC and these two: no ServiceAccount admission, which would wait for a controller that is not
 * there, and no endpoints of the service `kubernetes`, which may not be on loopback.
 */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { binary, port, adminToken, audit, scratch, signal } = options;
  const directory = scratch.path;
  const args = [
    `--etcd-servers=${etcdUrl(directory)}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${port}`,
    `--cert-dir=${join(directory, "certificates")}`,
    "--authorization-mode=RBAC",
    `--token-auth-file=${join(directory, "tokens.csv")}`,
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-signing-key-file=${join(directory, "service-account.key")}`,
    `--service-account-key-file=${join(directory, "service-account.pub")}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    "--disable-admission-plugins=ServiceAccount",
    "--endpoint-reconciler-type=none",
    "--allow-privileged=true",
    ...(await auditArgs(directory, audit)),
  ];
  const component = await startComponent("kube-apiserver", binary, args, scratch);

  const probe = async (): Promise<Login | undefined> => {
    const ca = await readCa(directory);
    if (!ca) return undefined;
    const headers = { authorization: `Bearer ${adminToken}` };
    const answers = async (path: string) =>
      (await statusOf(get, { host: "127.0.0.1", port, path, ca, headers })) === 200;
    const ready = (await answers("/readyz")) && (await answers("/api/v1/namespaces/default"));
    return ready ? { server: `https://127.0.0.1:${port}`, ca, token: adminToken } : undefined;
  };
  return { component, port, login: await whenReady(component, probe, signal) };
}

/**
 * The CA's certificate. The server makes its own at its first start and signs its serving certificate with it; both are
 * in one file, the CA's last (k8s.io/client-go/util/cert). Undefined while the file is not whole.
 */
async function readCa(directory: string): Promise<string | undefined> {
  const chain = await readFile(join(directory, "certificates", "apiserver.crt"), "utf8").catch(() => "");
  return chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g)?.[1];
}
