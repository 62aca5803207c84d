/**
 * The words of a line of an HAProxy configuration, by the grammar of its manual (2.2 "Quoting and escaping", 2.3 "Environment
 * variables"). Throws what HAProxy refuses, and a variable, which nothing of ours has.
 */
export function haproxyWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? "";
    if (character === "\n" || character === "\0") throw new Error("a line ends there");
    if (quote === "" && /[ \t]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === "" && character === "#") break;
    else if (character === quote) quote = "";
    else if (quote === "" && /['"]/.test(character)) {
      quote = character;
      word ??= "";
    } else if (character === "\\" && quote !== "'") {
      at += 1;
      word = `${word ?? ""}${line[at] ?? ""}`;
    } else if (character === "$" && quote === '"') throw new Error("a variable");
    else word = `${word ?? ""}${character}`;
  }
  if (quote !== "") throw new Error("unmatched quote");
  return word === undefined ? words : [...words, word];
}
