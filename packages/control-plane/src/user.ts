import { randomBytes } from "node:crypto";

/** Someone who can log in. Authorization is RBAC's: with neither a binding nor a group that has one, all is forbidden. */
export type User = {
  readonly name: string;
  readonly groups?: readonly string[];
};

/** May do everything: RBAC does not ask about this group. */
export const ADMIN: User = { name: "admin", groups: ["system:masters"] };

/** Each user's name → a fresh token. */
export const issueTokens = (users: readonly User[]): ReadonlyMap<string, string> =>
  new Map(users.map(({ name }) => [name, randomBytes(16).toString("hex")]));

/**
 * The file that `--token-auth-file` reads, once, at its start: lines of token, name, UID and groups. The server refuses a
 * file that is not CSV (k8s.io/apiserver/pkg/authentication/token/tokenfile).
 */
export const tokenFile = (users: readonly User[], tokens: ReadonlyMap<string, string>): string =>
  users
    .map(({ name, groups = [] }) => [tokens.get(name) ?? "", name, name, groups.join(",")].map(quote).join(","))
    .join("\n");

const quote = (field: string): string => `"${field.replaceAll('"', '""')}"`;
