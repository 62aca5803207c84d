// Text as one word of a language, whatever is in it: what keeps values of peers from being read as syntax. Each takes well-formed text.

/** A word of a POSIX shell: in single quotes, where only a single quote ends. NUL, which no word can hold, is left out. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("\0", "").replaceAll("'", `'\\''`)}'`;
}

/**
 * A word of an HAProxy configuration (its manual, 2.2 "Quoting and escaping"): in single quotes, where nothing is interpreted, and a
 * single quote as `\'` outside of them. Control characters become blanks: a line ends at a newline even within quotes, and no
 * value of HAProxy has a use for the others.
 */
export function haproxyWord(text: string): string {
  return `'${text.replaceAll(/\p{Cc}/gu, " ").replaceAll("'", `'\\''`)}'`;
}

/**
 * JSON text as YAML 1.1 and 1.2 read it alike: what is a line break or not printable in one of them is escaped, all of which stands within
 * strings, where both know JSON's escapes.
 */
export function yamlText(json: string): string {
  return json.replaceAll(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
