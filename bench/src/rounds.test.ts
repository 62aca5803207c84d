import { expect, test } from "vitest";
import { inOrderOf, takeTurns, type Turns } from "./rounds.ts";

const [a, b, c] = ["a", "b", "c"].map((id) => ({ id, name: id.toUpperCase() }));
const all = [a, b, c].filter((entrant) => entrant !== undefined);

function turnsOf(more: Partial<Turns> = {}) {
  const lines: string[] = [];
  const { signal } = new AbortController();
  return { lines, turns: { rounds: 2, signal, report: (line: string) => void lines.push(line), ...more } };
}

test("each round begins with another one", () => {
  expect([0, 1, 2, 3].map((round) => inOrderOf("abc".split(""), round).join(""))).toEqual(["abc", "bca", "cab", "abc"]);
  expect(inOrderOf([], 1)).toEqual([]);
});

test("all take a turn in each round, and the results are by contestant", async () => {
  const { turns } = turnsOf();
  let count = 0;
  const results = await takeTurns(all, turns, async ({ id }) => {
    count += 1;
    return { figures: { writes: count }, note: id };
  });
  expect(results.map(({ id, name }) => `${id}${name}`)).toEqual(["aA", "bB", "cC"]);
  expect(results.map(({ runs }) => runs.map(({ figures }) => figures.writes))).toEqual([
    [1, 6],
    [2, 4],
    [3, 5],
  ]);
});

test("who takes minutes takes one turn", async () => {
  const { turns } = turnsOf({ rounds: 3, once: new Set(["b"]) });
  const results = await takeTurns(all, turns, async () => ({ figures: {} }));
  expect(results.map(({ runs }) => runs.length)).toEqual([3, 1, 3]);
});

test("what one throws is the failure of its turn, and the others go on", async () => {
  const { turns, lines } = turnsOf({ rounds: 1 });
  const results = await takeTurns(all, turns, async ({ id }) => {
    if (id === "b") throw new Error("it ended");
    return { figures: { writes: 1 } };
  });
  expect(results.map(({ runs }) => runs)).toEqual([
    [{ figures: { writes: 1 } }],
    [{ figures: {}, failure: "it ended" }],
    [{ figures: { writes: 1 } }],
  ]);
  expect(lines[1]).toMatch(/^round 1 of 1: B, \d\.\d s: it ended$/);
});

test("the signal ends it all", async () => {
  const stop = new AbortController();
  const { turns } = turnsOf({ signal: stop.signal });
  const results = takeTurns(all, turns, async () => {
    stop.abort(new Error("stopped"));
    throw new Error("it ended");
  });
  await expect(results).rejects.toThrow("stopped");
});
