import { createPrivateKey, X509Certificate } from "node:crypto";

const begin = "-----BEGIN CERTIFICATE-----";
const certificate = new RegExp(`${begin}[^-]+-----END CERTIFICATE-----`, "g");

/**
 * Throws, naming `what`, unless the text holds PEM certificates, each of them whole. node:tls would trust nobody in place
 * of an authority that it can't read, and say so only as "unable to verify the first certificate".
 */
export function checkCertificates(text: string, what: string): void {
  const found = text.match(certificate) ?? [];
  if (found.length === 0) throw new Error(`${what} holds no PEM certificate: put one there (${begin})`);
  if (found.length < text.split(begin).length - 1 || !found.every(isCertificate))
    throw new Error(`${what} holds a PEM certificate that is cut off or broken: write it again as a whole`);
}

/**
 * Throws, naming `what`, unless the PEM key is that of the PEM certificate, the first one if there is a chain: of two files
 * that rotate one is new before the other.
 */
export function checkKeyPair(cert: string, key: string, what: string): void {
  checkCertificates(cert, `the certificate of ${what}`);
  let own: boolean;
  try {
    own = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch (cause) {
    // its message can hold no part of the key: OpenSSL tells what it could not decode, not the text
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`the key of ${what} is no PEM private key without a passphrase (${words})`, { cause });
  }
  if (!own) throw new Error(`the key of ${what} is not that of its certificate: give the two that belong together`);
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
