import { isIPv4 } from "node:net";
import { generate, type SubjectAltNameEntry } from "selfsigned";

/** What a server of TLS shows; PEM texts. */
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

/** An authority that signs certificates. */
export interface Authority {
  /** Its own certificate, for who is to trust it; a PEM text. */
  readonly ca: string;
  /** A certificate for 127.0.0.1 and localhost, valid for a year from now, unless `options` say otherwise. */
  issue(options?: CertificateOptions): Promise<ServerCertificate>;
}

interface CertificateOptions {
  /** IPv4 addresses, and DNS names. */
  readonly names?: readonly string[];
  readonly validity?: { readonly from: Date; readonly to: Date };
}

const shared = { algorithm: "sha256", keyType: "ec" } as const;

/** Makes an authority, with a key that nothing else has. */
export async function createAuthority(commonName: string): Promise<Authority> {
  const own = await generate([{ name: "commonName", value: commonName }], {
    ...shared,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ],
  });
  return {
    // so that texts can be put one behind the other
    ca: `${own.cert}\n`,
    async issue({ names = ["127.0.0.1", "localhost"], validity } = {}) {
      const altNames = names.map(
        (name): SubjectAltNameEntry => (isIPv4(name) ? { type: 7, ip: name } : { type: 2, value: name }),
      );
      const { private: key, cert } = await generate([{ name: "commonName", value: "server" }], {
        ...shared,
        ca: { key: own.private, cert: own.cert },
        extensions: [{ name: "subjectAltName", altNames }],
        ...(validity && { notBeforeDate: validity.from, notAfterDate: validity.to }),
      });
      return { key, cert: `${cert}\n` };
    },
  };
}
