import { expect, test } from "vitest";
import { createLists } from "./lists.ts";

const make = () => ["a", "b", "c"];

test("a list is made once, and stays the same for as long as nothing changes", () => {
  const lists = createLists<string>();
  const list = lists.of("shop", make);
  expect(list).toEqual(["a", "b", "c"]);
  expect(lists.of("shop", () => expect.fail("made anew"))).toBe(list);
  lists.replaced("other", "a", "A");
  expect(lists.of("shop", () => expect.fail("made anew"))).toBe(list);
});

test("what takes the place of another stands there in the next list, and those that were given out stay as they were", () => {
  const lists = createLists<string>();
  const list = lists.of("shop", make);
  lists.replaced("shop", "b", "B");
  lists.replaced("shop", "B", "BB");
  lists.replaced("shop", "c", "C");
  expect(lists.of("shop", () => expect.fail("made anew"))).toEqual(["a", "BB", "C"]);
  expect(list).toEqual(["a", "b", "c"]);
});

test("a list is made anew once something came or went, or much has changed", () => {
  const lists = createLists<string>();
  lists.of("shop", make);
  lists.forget("shop");
  expect(lists.of("shop", () => ["d"])).toEqual(["d"]);
  for (let change = 0; change < 20; change++) lists.replaced("shop", `d${change || ""}`, `d${change + 1}`);
  expect(lists.of("shop", () => ["anew"])).toEqual(["anew"]);
});
