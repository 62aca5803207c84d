import { expect, test } from "vitest";
import { createTasks } from "./tasks.ts";

const turn = () => new Promise(setImmediate);

function start() {
  const stop = new AbortController();
  const tasks = createTasks(stop.signal);
  const seen: unknown[] = [];
  tasks.ended.then(
    () => seen.push("ended"),
    (error: unknown) => seen.push(error),
  );
  return { tasks, seen, stop };
}

test("they have ended once the signal is aborted and the last of them has", async () => {
  const { tasks, seen, stop } = start();
  const late = Promise.withResolvers<void>();
  tasks.add(Promise.resolve());
  tasks.add(late.promise);
  await turn();
  expect(seen).toEqual([]);
  stop.abort();
  await turn();
  expect(seen).toEqual([]);
  late.resolve();
  await turn();
  expect(seen).toEqual(["ended"]);
});

test("those that end by themselves leave others to come, until the signal", async () => {
  const { tasks, seen, stop } = start();
  tasks.add(Promise.resolve());
  await turn();
  expect(seen).toEqual([]);
  stop.abort();
  await turn();
  expect(seen).toEqual(["ended"]);
});

test("one that fails is told of at once", async () => {
  const { tasks, seen } = start();
  const error = new Error("no");
  tasks.add(new Promise<void>(() => undefined));
  tasks.add(Promise.reject(error));
  await turn();
  expect(seen).toEqual([error]);
});
