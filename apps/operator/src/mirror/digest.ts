import { hash } from "node:crypto";

/** 22 characters for a text: 132 bits of its SHA-256, so that two texts of one digest can't be found. */
export function digest(text: string): string {
  return hash("sha256", text, "base64url").slice(0, 22);
}
