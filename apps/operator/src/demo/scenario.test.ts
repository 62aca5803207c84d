import { expect, test } from "vitest";
import { endlessly, once, type Play, type Scenario, scenario, type Step } from "./scenario.ts";

const step = (title: string): Step => ({
  title,
  write: () => Promise.resolve(),
  expected: { peers: [], configMaps: 1 },
});
const short: Scenario = {
  prologue: () => Promise.resolve(),
  opening: step("opening"),
  lap: [step("one"), step("two")],
  reset: [step("reset")],
};

/** The titles of the steps that are asked for while they go as `outcomes` say. */
function titles(play: Play, outcomes: readonly boolean[]): string[] {
  return [true, ...outcomes].flatMap((right) => {
    const { value } = play.next(right);
    return value ? [value.title] : [];
  });
}

test("once, every step comes in order, and then the play is over", () => {
  expect(titles(once(short), [true, true, true, true, true])).toEqual(["opening", "one", "two", "reset"]);
});

test("once, the step that goes wrong is the last", () => {
  expect(titles(once(short), [true, false, true])).toEqual(["opening", "one"]);
});

test("endlessly, lap follows on lap", () => {
  const outcomes = Array.from({ length: 5 }, () => true);
  expect(titles(endlessly(short), outcomes)).toEqual(["opening", "one", "two", "reset", "one", "two"]);
});

test("endlessly, a lap in which a step goes wrong is begun anew", () => {
  expect(titles(endlessly(short), [true, false, true, true])).toEqual(["opening", "one", "reset", "one", "two"]);
});

test("the peers of every expectation are in the order of their names, as in the document", () => {
  for (const { title, expected } of [scenario.opening, ...scenario.lap, ...scenario.reset]) {
    const names = expected.peers.map(({ name }) => name);
    expect(names, title).toEqual(names.toSorted());
  }
});
