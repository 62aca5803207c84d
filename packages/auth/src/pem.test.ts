import { expect, test } from "vitest";
import { first, second } from "../test/certificates.ts";
import { checkCertificates, checkKeyPair } from "./pem.ts";

test.each([
  ["one certificate", first.cert],
  ["a bundle with words between", `# one\n${first.cert}# two\n${second.cert}`],
  ["a certificate beside its key, as the kubelet keeps them", first.cert + first.key],
])("%s is fine", (_, text) => {
  expect(() => checkCertificates(text, "the file")).not.toThrow();
});

test.each([
  ["nothing", "", "the file holds no PEM certificate"],
  ["a key", first.key, "the file holds no PEM certificate"],
  ["one that is cut off", first.cert.slice(0, -30), "the file holds no PEM certificate"],
  ["a bundle that is cut off", first.cert + second.cert.slice(0, 300), "is cut off or broken"],
  ["one with a letter changed", first.cert.replace("\nMII", "\nMIJ"), "is cut off or broken"],
])("%s is no authority, and that is said of the file", (_, text, message) => {
  expect(() => checkCertificates(text, "the file")).toThrow(message);
});

test("a key belongs to its certificate, or it is refused", () => {
  expect(() => checkKeyPair(first.cert, first.key, "user a")).not.toThrow();
  expect(() => checkKeyPair(first.cert + second.cert, first.key, "user a")).not.toThrow();
  expect(() => checkKeyPair(first.cert, second.key, "user a")).toThrow(
    "the key of user a is not that of its certificate",
  );
  expect(() => checkKeyPair("", first.key, "user a")).toThrow("the certificate of user a holds no PEM certificate");
});

test("what is no key is refused without being repeated", () => {
  const key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";
  expect(() => checkKeyPair(first.cert, key, "user a")).toThrow(/^the key of user a is no PEM private key(?!.*c2Vj)/);
});
