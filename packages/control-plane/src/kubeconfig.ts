/** What a client needs to call an API server as somebody. */
export interface Login {
  /** `https://127.0.0.1:<port>`. */
  readonly server: string;
  /** The certificate of the authority that signed the server's, PEM. */
  readonly ca: string;
  readonly token: string;
}

/** The YAML text of a kubeconfig that logs in so, its one context named after the user. */
export function kubeconfig({ server, ca, token }: Login, user: string): string {
  return `apiVersion: v1
kind: Config
clusters:
  - name: control-plane
    cluster:
      server: ${server}
      certificate-authority-data: ${Buffer.from(ca).toString("base64")}
users:
  - name: ${JSON.stringify(user)}
    user:
      token: ${token}
contexts:
  - name: ${JSON.stringify(user)}
    context: { cluster: control-plane, user: ${JSON.stringify(user)} }
current-context: ${JSON.stringify(user)}
`;
}
