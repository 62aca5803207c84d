/** What a TLS connection to the API server needs; certificates and keys are PEM texts. */
export interface TlsCredentials {
  /** The authorities to trust instead of the system's. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name to ask for and to check, where it isn't the server's host. */
  readonly serverName?: string;
  readonly insecureSkipVerify: boolean;
}

/** Where the API server is, and how to prove who we are to it. */
export interface Credentials {
  /** Origin, plus a path prefix if there is one; no slash at the end. */
  readonly server: string;
  readonly tls: TlsCredentials;
  /** The namespace of the pod or of the kubeconfig's context; `default` where neither names one. */
  readonly namespace: string;
  /** For people: where all this was found, as in `kubeconfig /home/me/.kube/config, context kind-x`. */
  readonly source: string;
  /**
   * The bearer token to send now, or undefined where the certificate is the proof. Cheap to call for every request.
   * `fresh`, after the server refused the last one: read it again from where it comes from.
   * Rejects with an Error that names the file or plugin, and what to do.
   */
  token(options?: TokenOptions): Promise<string | undefined>;
}

export interface TokenOptions {
  readonly fresh?: boolean;
}
