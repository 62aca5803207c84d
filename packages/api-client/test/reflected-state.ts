/** The names that a consumer knows after what it was told, doing as WatchEvent says. */
export function stateOf(told: readonly string[]): readonly string[] {
  let known = new Set<string>();
  let coming = new Set<string>();
  for (const words of told) {
    const [type = "", name = ""] = words.split(" ");
    if (type === "init") coming = new Set();
    if (type === "initApply") coming.add(name);
    if (type === "initDone") known = coming;
    if (type === "apply") known.add(name);
    if (type === "delete") known.delete(name);
  }
  return [...known].toSorted();
}
