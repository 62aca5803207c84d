/** Where requests go, and what goes before each of their paths. */
export interface ServerAddress {
  /** As in `https://10.96.0.1:443`. */
  readonly origin: string;
  /** Empty, or a path without a slash at its end. */
  readonly prefix: string;
}

/** Takes a server's URL apart: `https://rancher.example/k8s/c-1/` --> origin `https://rancher.example`, prefix `/k8s/c-1`. */
export function serverAddress(server: string): ServerAddress {
  const { origin, pathname } = new URL(server);
  return { origin, prefix: pathname.replace(/\/+$/, "") };
}
