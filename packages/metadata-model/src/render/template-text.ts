import { type Allowance, spendOn } from "./allowance.ts";

/** What is neither a map nor a list. */
type Scalar = string | number | boolean | undefined;

/** `value` as a template writes it: text as it is, nothing as "", maps and lists as JSON. Takes the steps of going through it. */
export function textOf(value: unknown, spend: Allowance["spend"]): string {
  return String(scalarOf(value, spend) ?? "");
}

/** `value` itself, or its JSON text where it is a map or a list. Takes the steps of going through it. */
export function scalarOf(value: unknown, spend: Allowance["spend"]): Scalar {
  if (typeof value === "object" && value !== null) return jsonOf(value, spend);
  spendOn(value, spend);
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : undefined;
}

/** `value` as JSON text, with well-formed strings. Takes the steps of going through it. */
export function jsonOf(value: unknown, spend: Allowance["spend"]): string {
  spendOn(value, spend);
  return JSON.stringify(value ?? null, (_, one: unknown) => (typeof one === "string" ? one.toWellFormed() : one));
}
