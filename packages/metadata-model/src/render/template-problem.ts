/** Why a template makes no document. */
export interface TemplateProblem {
  /** It's wrong, it takes too many steps, or what it makes is too large. */
  readonly reason: "TemplateError" | "TemplateLimit" | "TemplateTooLarge";
  /** A clause that tells where and what in the template, and nothing of a peer. */
  readonly message: string;
}

/** What went wrong. It's of the template alone: values of peers are not in it. */
export interface Fault {
  readonly what: string;
  /** Both from 1. */
  readonly place?: { readonly line: number; readonly column: number };
}

/** Where an allowance was at its end: see `allowance.ts`. */
interface Exhaustion {
  readonly exhausted: "steps" | "bytes";
  /** How many steps there are, in words. */
  readonly steps: string;
  readonly maxBytes: number;
}

/** The longest part of a template that is shown, in characters. */
const maxShown = 80;

/** The problem of the template `source` that `fault` is, or the end of an allowance that it came from. */
export function problemOf(fault: Fault, source: string, exhaustion?: Exhaustion): TemplateProblem {
  if (exhaustion === undefined) return { reason: "TemplateError", message: placed(fault, source) };
  const { exhausted, steps, maxBytes } = exhaustion;
  if (exhausted === "bytes") {
    return { reason: "TemplateTooLarge", message: `it is larger than the ${maxBytes} bytes that there is room for` };
  }
  return { reason: "TemplateLimit", message: placed({ ...fault, what: `rendering takes more than ${steps}` }, source) };
}

function placed({ what, place }: Fault, source: string): string {
  const shown = cut(what, 2 * maxShown);
  if (place === undefined) return shown;
  const line = source.split("\n")[place.line - 1] ?? "";
  const text = line.trim().length <= maxShown ? line.trim() : cut(line.slice(place.column - 1), maxShown);
  return `line ${place.line}, column ${place.column}: ${shown}, in ${text}`;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…`.toWellFormed() : text;
}
