import { describe, expect, test } from "vitest";
import { createPlanning, firstTurn, type PlanningTurn } from "./planning.ts";

/** Planning on a clock that stands still but for planning itself and `at`. */
function start() {
  let now = 0;
  let worked = 0;
  const planning = createPlanning({ monotonic: () => now, processor: () => worked });
  const wait = (turn: PlanningTurn, urgent = false, namespace = "shop") => planning.wait(namespace, turn, urgent);
  /** Planning that takes `ms` of the processor, which is ours for all of that time, or is others' for `othersMs` meanwhile. */
  const run = (turn: PlanningTurn, ms: number, namespace = "shop", othersMs = 0) =>
    planning.run(namespace, turn, () => {
      worked += ms;
      now += ms + othersMs;
    });
  return {
    wait,
    run,
    leave: (turn: PlanningTurn) => planning.leave("shop", turn),
    at: (ms: number) => void (now = ms),
    now: () => now,
  };
}

const turns = (count: number) => Array.from({ length: count }, () => firstTurn());

describe("the mirrors of a namespace", () => {
  test("rest together for three times as long as one of them took to plan; another namespace doesn't", () => {
    const { wait, run } = start();
    const [one, another, elsewhere] = [firstTurn(), firstTurn(), firstTurn()];
    expect(wait(one)).toBe(0);
    run(one, 50);
    expect([wait(another), wait(elsewhere, false, "office")]).toEqual([150, 0]);
  });

  test("come back one after another, each in a turn of its own", () => {
    const { wait, run, at } = start();
    const [first, ...others] = turns(4) as [PlanningTurn, ...PlanningTurn[]];
    run(first, 50);
    expect(others.map((turn) => wait(turn))).toEqual([150, 350, 550]);
    expect(others.map((turn) => wait(turn))).toEqual([150, 350, 550]);
    at(400);
    expect(others.map((turn) => wait(turn))).toEqual([0, 0, 200]);
  });

  test("that change all the time take a quarter of the time together, and each is planned as often as the others", () => {
    const { wait, run, at, now } = start();
    const all = turns(10);
    const counts = all.map(() => 0);
    let planned = 0;
    while (now() < 60_000) {
      for (const [index, turn] of all.entries()) {
        if (wait(turn) > 0) continue;
        run(turn, 50);
        planned += 50;
        counts[index] = (counts[index] ?? 0) + 1;
      }
      at(now() + 1);
    }
    expect(planned / now()).toBeLessThanOrEqual(0.26);
    expect(planned / now()).toBeGreaterThan(0.22);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  test("don't wait for one that is gone, nor for what turned out to be light", () => {
    const { wait, run, leave, at } = start();
    const [first, gone, light, last] = turns(4) as [PlanningTurn, PlanningTurn, PlanningTurn, PlanningTurn];
    run(first, 50);
    expect(wait(gone)).toBe(150);
    leave(gone);
    expect(wait(light)).toBe(150);
    at(200);
    run(light, 1);
    expect(wait(last)).toBe(0);
  });

  test("whose planning is light neither wait nor make others wait", () => {
    const { wait, run } = start();
    const [light, heavy, other] = turns(3) as [PlanningTurn, PlanningTurn, PlanningTurn];
    run(light, 2);
    expect([wait(light), wait(other)]).toEqual([0, 0]);
    run(heavy, 50);
    expect([wait(light), wait(other)]).toEqual([0, 150]);
  });

  test("are measured by what they take of the processor, not by how long others keep it from them", () => {
    const { wait, run, now } = start();
    const [light, heavy, other] = turns(3) as [PlanningTurn, PlanningTurn, PlanningTurn];
    run(light, 2, "shop", 100);
    expect([wait(light), wait(other)]).toEqual([0, 0]);
    run(heavy, 50, "shop", 30);
    expect([wait(other), now()]).toEqual([120, 182]);
  });

  test("that are late for their turn rest thereafter all the same", () => {
    const { wait, run, at } = start();
    const turn = firstTurn();
    run(turn, 50);
    expect(wait(turn)).toBe(150);
    at(1_000);
    run(turn, 50);
    expect(wait(turn)).toBe(150);
  });
});

describe("what is urgent", () => {
  test("goes before its turn, but no more than once a second", () => {
    const { wait, run, at } = start();
    const turn = firstTurn();
    run(turn, 1_000);
    expect([wait(turn), wait(turn, true)]).toEqual([3_000, 0]);
    run(turn, 100);
    expect([wait(turn), wait(turn, true)]).toEqual([2_900, 900]);
    at(2_000);
    expect(wait(turn, true)).toBe(0);
  });

  test("waits for its turn where that is sooner than the second", () => {
    const { wait, run } = start();
    const turn = firstTurn();
    run(turn, 50);
    expect(wait(turn, true)).toBe(0);
    run(turn, 50);
    expect(wait(turn, true)).toBe(100);
  });

  test("of a hundred mirrors all the time takes no more than half of the time, and keeps none of the others waiting for ever", () => {
    const { wait, run, at, now } = start();
    const urgent = turns(100);
    const calm = turns(5);
    const counts = calm.map(() => 0);
    let planned = 0;
    const go = (turn: PlanningTurn) => {
      run(turn, 50);
      planned += 50;
    };
    while (now() < 120_000) {
      for (const turn of urgent) if (wait(turn, true) === 0) go(turn);
      for (const [index, turn] of calm.entries()) {
        if (wait(turn) > 0) continue;
        go(turn);
        counts[index] = (counts[index] ?? 0) + 1;
      }
      at(now() + 1);
    }
    expect(planned / now()).toBeLessThan(0.53);
    // a round of 105 turns takes 21 s
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(5);
  });
});
