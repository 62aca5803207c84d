import { generate } from "selfsigned";

/** What a server of TLS shows; PEM texts. */
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

/** An authority that signs certificates. */
export interface Authority {
  /** Its own certificate, for who is to trust it; a PEM text. */
  readonly ca: string;
  /** A certificate for 127.0.0.1 and localhost. */
  issue(): Promise<ServerCertificate>;
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
    async issue() {
      const altNames = [
        { type: 7, ip: "127.0.0.1" },
        { type: 2, value: "localhost" },
      ] as const;
      const { private: key, cert } = await generate([{ name: "commonName", value: "server" }], {
        ...shared,
        ca: { key: own.private, cert: own.cert },
        extensions: [{ name: "subjectAltName", altNames: [...altNames] }],
      });
      return { key, cert: `${cert}\n` };
    },
  };
}
