/** Whether one word may be a slip of the other: it begins with it, or a quarter of its letters are wrong, missing or too many (of a short one, one). */
export function isLike(word: string, typed: string): boolean {
  if (typed.length < 3) return false;
  return word.startsWith(typed) || distance(word, typed) <= Math.max(1, Math.floor(typed.length / 4));
}

/** Levenshtein's: how many letters have to be changed, added or left out to make one of the other. */
function distance(left: string, right: string): number {
  const others = right.split("");
  let row = Array.from({ length: others.length + 1 }, (_, index) => index);
  for (const [i, letter] of left.split("").entries()) {
    const next = [i + 1];
    for (const [j, other] of others.entries()) {
      const changed = (row[j] ?? 0) + Number(letter !== other);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
