const name = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/**
 * Whether `text` is a key of a label: a name of at most 63 letters, digits, `-`, `_` and `.`, perhaps after a DNS
 * subdomain and a `/` (`IsQualifiedName` of `apimachinery/pkg/util/validation`).
 */
export function isQualifiedName(text: string): boolean {
  const parts = text.split("/");
  const local = parts.pop() ?? "";
  const [prefix] = parts;
  if (local.length > 63 || !name.test(local) || parts.length > 1) return false;
  return prefix === undefined || (prefix.length <= 253 && subdomain.test(prefix));
}
