import type { TlsCredentials } from "@metadata-mirror/auth";

/** What node:tls has to be told to connect with these credentials. */
export interface TlsOptions {
  readonly rejectUnauthorized: boolean;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
}

/** In the words of node:tls; what the credentials don't have is left out. */
export function tlsOptions({ ca, cert, key, serverName, insecureSkipTLSVerify }: TlsCredentials): TlsOptions {
  return {
    rejectUnauthorized: !insecureSkipTLSVerify,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
}
