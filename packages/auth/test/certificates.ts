import { generate } from "selfsigned";

/** A certificate that has signed itself, and its private key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** One of `localhost`, `inner` and 127.0.0.1. */
async function selfSigned(commonName: string): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: "commonName", value: commonName }], {
    algorithm: "sha256",
    keyType: "ec",
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 2, value: "inner" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  // so that texts can be put one behind the other
  return { cert: `${cert}\n`, key };
}

export const first = await selfSigned("first");
export const second = await selfSigned("second");
