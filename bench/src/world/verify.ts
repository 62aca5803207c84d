import { problemOf, storedLines } from "./stored.ts";
import { namespacesOf, type World } from "./world.ts";

/** Throws where what is stored in the end is not the last change of each pod, in the line that all have to write. */
export async function verify({ api, pods, ledger }: World): Promise<void> {
  const problem = problemOf(await storedLines(api, namespacesOf(pods)), ledger);
  if (problem !== undefined) throw new Error(problem);
}
