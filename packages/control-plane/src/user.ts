import { randomBytes } from "node:crypto";

/** Someone who can log in. Authorization is RBAC's: with neither a binding nor a group that has one, all is forbidden. */
export interface User {
  readonly name: string;
  readonly groups?: readonly string[];
}

/** A user and the bearer token that proves it. */
export interface Account extends User {
  readonly token: string;
}

/** May do everything: RBAC does not ask about this group. */
export const adminUser: User = { name: "admin", groups: ["system:masters"] };

/** Gives each user a fresh token. */
export function issueTokens(users: readonly User[]): readonly Account[] {
  return users.map((user) => ({ ...user, token: randomBytes(16).toString("hex") }));
}

/**
 * The file that `--token-auth-file` reads, once, at its start: lines of token, name, UID and groups. The server refuses a
 * file that is not CSV (k8s.io/apiserver/pkg/authentication/token/tokenfile).
 */
export function tokenFile(accounts: readonly Account[]): string {
  return accounts
    .map(({ name, groups = [], token }) => [token, name, name, groups.join(",")].map(quote).join(","))
    .join("\n");
}

function quote(field: string): string {
  return `"${field.replaceAll('"', '""')}"`;
}
