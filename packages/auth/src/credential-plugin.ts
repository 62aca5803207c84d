import type { User } from "@kubernetes/client-node";

/** What a user proves itself with: a token, a certificate with its key, or both. */
export interface Proof {
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Whether the user proves itself by a plugin rather than by what the kubeconfig says. */
export function hasPlugin(user: User | undefined): user is User {
  return Boolean(user?.exec ?? user?.authProvider);
}

/**
 * The exec plugin or auth provider (OIDC) of a user. client-node runs it, and again when its answer has expired; to ask it anew
 * before that, make another. Rejects with the plugin's own words and its hint.
 */
export async function credentialPlugin(user: User): Promise<() => Promise<Proof>> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const { name, exec, authProvider, token } = withExecInfo(user);
  const config = new KubeConfig();
  // without a cluster's authority and a user's files, which it would read each time
  const cluster = { name, server: "https://server", skipTLSVerify: false };
  config.loadFromClusterAndUser(cluster, { name, exec, authProvider, ...(token ? { token } : {}) });
  return async () => {
    const plugin = exec?.command ?? authProvider?.name;
    const answer: Proof & { readonly headers: Record<string, string> } = { headers: {} };
    try {
      await config.applyToHTTPSOptions(answer);
    } catch (cause) {
      // V8 quotes what it can't parse, and that may be a token
      if (cause instanceof SyntaxError)
        throw new Error(`the credential plugin ${plugin} of user ${name} did not answer in JSON: see what it prints`);
      const words = cause instanceof Error ? cause.message.trim() : String(cause);
      const hint = exec?.installHint ? `\n${exec.installHint}` : "";
      throw new Error(`the credential plugin ${plugin} of user ${name} failed: ${words}${hint}`, { cause });
    }
    const bearer = answer.headers["Authorization"]?.replace(/^Bearer /, "").trim();
    const { cert, key } = answer;
    if (!bearer && !cert)
      throw new Error(`the credential plugin ${plugin} gave neither token nor certificate: log in again`);
    return { ...(bearer ? { token: bearer } : {}), ...(cert && key ? { cert, key } : {}) };
  };
}

/**
 * Plugins read KUBERNETES_EXEC_INFO to learn which version of the answer is wanted; client-node doesn't set it.
 * See https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
 */
function withExecInfo(user: User): User {
  if (!user.exec) return user;
  const info = { apiVersion: user.exec.apiVersion, kind: "ExecCredential", spec: { interactive: false } };
  const variable = { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) };
  return { ...user, exec: { ...user.exec, env: [...(user.exec.env ?? []), variable] } };
}
