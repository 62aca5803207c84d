import type { Cluster, User } from "@kubernetes/client-node";
import { readAuthorityFile, readCredentialFile, readTokenFile } from "./credential-file.ts";
import { credentialPlugin, hasPlugin, type Proof } from "./credential-plugin.ts";
import type { Credentials, TlsCredentials } from "./credentials.ts";
import type { KubeconfigEntry } from "./kubeconfig-files.ts";
import { checkCertificates, checkKeyPair } from "./pem.ts";
import { rotating } from "./rotating.ts";
import { shareWhilePending } from "./share-while-pending.ts";

export interface LoginOptions {
  /** Doesn't verify the server, whatever the kubeconfig says. */
  readonly insecureSkipTLSVerify?: boolean;
  /** Milliseconds, of any epoch. */
  readonly now: () => number;
}

/** How one reading of a kubeconfig lets us in. `fresh` reads the files that it names, not itself, and asks no plugin anew. */
export type Login = Pick<Credentials, "tls" | "token">;

/**
 * Rejects unless everything that the entry names is there, whole and fits together. Data in a kubeconfig goes before a file, and a
 * token file before a token, as in client-go.
 */
export async function logIn({ cluster, user, tokenPath }: KubeconfigEntry, options: LoginOptions): Promise<Login> {
  const ask = hasPlugin(user) ? shareWhilePending(await credentialPlugin(user)) : undefined;
  const tokenOfFile = tokenPath === undefined ? undefined : rotating(() => readTokenFile(tokenPath), options.now);
  const files = rotating(
    async () => ({ ...(await serverTls(cluster, options)), ...(await keyPair(user)) }),
    options.now,
  );
  const login: Login = {
    async token(readOptions) {
      if (tokenOfFile) return tokenOfFile(readOptions);
      return ask ? (await ask()).token : user?.token || undefined;
    },
    async tls(readOptions) {
      const { token: _, ...certificate } = ask ? await ask() : {};
      return { ...(await files(readOptions)), ...certificate };
    },
  };
  await login.tls();
  await login.token();
  return login;
}

async function serverTls(cluster: Cluster, { insecureSkipTLSVerify }: LoginOptions): Promise<TlsCredentials> {
  const serverName = cluster.tlsServerName ? { serverName: cluster.tlsServerName } : {};
  if (insecureSkipTLSVerify || cluster.skipTLSVerify) return { ...serverName, insecureSkipTLSVerify: true };
  const ca = await authority(cluster);
  return { ...serverName, ...(ca === undefined ? {} : { ca }), insecureSkipTLSVerify: false };
}

async function authority({ name, caData, caFile }: Cluster): Promise<string | undefined> {
  if (!caData) return caFile ? readAuthorityFile(caFile) : undefined;
  const ca = decode(caData);
  checkCertificates(ca, `certificate-authority-data of cluster ${name}`);
  return ca;
}

async function keyPair(user: User | undefined): Promise<Proof> {
  const cert = await pem("client certificate", user?.certData, user?.certFile);
  if (cert === undefined) return {};
  const key = await pem("client key", user?.keyData, user?.keyFile);
  const owner = `user ${user?.name}${user?.certFile ? ` (${user.certFile})` : ""}`;
  if (key === undefined) throw new Error(`${owner} has a client certificate without a key: add client-key`);
  checkKeyPair(cert, key, owner);
  return { cert, key };
}

async function pem(what: string, data: string | undefined, file: string | undefined): Promise<string | undefined> {
  if (data) return decode(data);
  return file ? readCredentialFile(what, file, "it must be there and readable") : undefined;
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64").toString();
}
