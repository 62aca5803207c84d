import { expect, test } from "vitest";
import { type Selection, selectedContestants, selectedWorkloads } from "./selection.ts";

const usual: Selection = { workloads: [], contestants: undefined, quick: false };
const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id).join(" ");

test("all is run but what is to be run by hand", () => {
  expect(idsOf(selectedWorkloads(usual))).toBe("w1 w2 w3 w4 w5 w6 w7");
  expect(idsOf(selectedContestants(usual))).toBe(
    "floor node-floor cr cr-transform cr-shards kopf client-node metadata-mirror",
  );
});

test("a first impression has fewer of both", () => {
  const quick = { ...usual, quick: true };
  expect(idsOf(selectedWorkloads(quick))).toBe("w1 w2 w3 w4");
  expect(idsOf(selectedContestants(quick))).toBe("floor cr cr-shards metadata-mirror");
});

test.each([true, false])("what is named is run, in that order (quick: %s)", (quick) => {
  const named = { workloads: ["w8", "w1"], contestants: ["kopf", "floor"], quick };
  expect(idsOf(selectedWorkloads(named))).toBe("w8 w1");
  expect(idsOf(selectedContestants(named))).toBe("kopf floor");
  expect(selectedContestants({ ...named, contestants: ["none"] })).toEqual([]);
});

test("a name that is none is refused, with those that there are", () => {
  expect(() => selectedWorkloads({ ...usual, workloads: ["w9"] })).toThrow(`no workload "w9": there are w1, w2`);
  expect(() => selectedContestants({ ...usual, contestants: ["x"] })).toThrow(
    `no contestant "x": there are floor, node-floor, cr`,
  );
});
