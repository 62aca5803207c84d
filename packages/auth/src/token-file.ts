import { readFile } from "node:fs/promises";
import type { ReadOptions } from "./credentials.ts";

/** client-go looks once a minute; a look is cheap, and a token that was revoked and replaced should not cost a minute. */
const lookEveryMs = 10_000;

/**
 * A reader of a file that holds a bearer token and rotates (kubelet, Vault agent). Reads it at most every 10 s of `now()`, which
 * is in milliseconds; `fresh` reads at once. Rejects when the file is missing or empty.
 */
export function tokenFile(path: string, now: () => number): (options?: ReadOptions) => Promise<string> {
  let last: { readonly token: string; readonly readAt: number } | undefined;
  return async ({ fresh = false } = {}) => {
    if (last !== undefined && !fresh && now() - last.readAt < lookEveryMs) return last.token;
    const readAt = now();
    last = { token: await readToken(path), readAt };
    return last.token;
  };
}

async function readToken(path: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new Error(
      `cannot read the token file ${path} (${reason(cause)}): it must be there and readable; in a pod, mount it (automountServiceAccountToken)`,
      { cause },
    );
  }
  const token = text.trim();
  if (token === "") throw new Error(`the token file ${path} is empty: whoever writes it must put a token there`);
  return token;
}

function reason(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
