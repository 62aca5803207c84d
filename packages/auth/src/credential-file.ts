import { readFile } from "node:fs/promises";
import { checkCertificates } from "./pem.ts";

/** The bearer token in a file, trimmed. Rejects, naming the file, when it is missing or empty. */
export async function readTokenFile(path: string): Promise<string> {
  const advice = "it must be there and readable; in a pod, mount it (automountServiceAccountToken)";
  const token = (await readCredentialFile("token file", path, advice)).trim();
  if (token === "") throw new Error(`the token file ${path} is empty: whoever writes it must put a token there`);
  return token;
}

/** The authorities in a file, as PEM. Rejects, naming the file, when it is missing or isn't wholly PEM certificates. */
export async function readAuthorityFile(path: string): Promise<string> {
  const advice = "it must be there and readable; in a pod, mount the whole service account";
  const text = await readCredentialFile("authority file", path, advice);
  checkCertificates(text, `the authority file ${path}`);
  return text;
}

/** The text of a file. Rejects, naming it, what it is and what to do, when it can't be read. */
export async function readCredentialFile(what: string, path: string, advice: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new Error(`cannot read the ${what} ${path} (${reason}): ${advice}`, { cause });
  }
}
