/** What a TLS connection to the API server needs; certificates and keys are PEM texts. */
export interface TlsCredentials {
  /** The authorities to trust instead of the system's. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name to ask for and to check, where it isn't the server's host. */
  readonly serverName?: string;
  /** Trusts whoever answers. Only ever true because someone said so in so many words. */
  readonly insecureSkipTLSVerify: boolean;
}

/** Where the API server is, and how to prove who we are to it. */
export interface Credentials {
  /** Origin, plus a path prefix if there is one; no slash at the end. */
  readonly server: string;
  /** The namespace of the pod or of the kubeconfig's context; `default` where neither names one. */
  readonly namespace: string;
  /** For people: where all this was found, as in `kubeconfig /home/me/.kube/config, context kind-x`. */
  readonly source: string;
  /** For people: what is unsafe about it, to be told once at the start; most often nothing. */
  readonly warnings: readonly string[];
  /**
   * What to connect with now: the same object until something of it has changed, and a new one then. Cheap to call for every request.
   * `fresh`, after a connection came to nothing for lack of trust: read it again from where it comes from.
   * Rejects with an Error that names the file or plugin, and what to do.
   */
  tls(options?: ReadOptions): Promise<TlsCredentials>;
  /**
   * The bearer token to send now, or undefined where the certificate is the proof. Cheap to call for every request.
   * `fresh`, after the server refused the last one: read it again from where it comes from.
   * Rejects as `tls` does.
   */
  token(options?: ReadOptions): Promise<string | undefined>;
}

export interface ReadOptions {
  readonly fresh?: boolean;
}
