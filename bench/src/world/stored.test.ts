import { expect, test } from "vitest";
import { problemOf } from "./stored.ts";

const line = (seq: string) =>
  JSON.stringify({ _id: "a", name: "b", uid: "c", podIP: "", hostIP: "", nodeName: "", labels: {}, seq, note: "" });
const ledger = { latest: () => [7, 8] };
const [seven, eight] = [line("seq-00000007"), line("seq-00000008")];

test("the last change of each pod, once or more, is right", () => {
  expect(problemOf([seven, eight], ledger)).toBeUndefined();
  expect(problemOf([eight, seven, eight], ledger)).toBeUndefined();
});

test("one that is missing is a problem, and so is one that should not be there", () => {
  expect(problemOf([seven], ledger)).toContain("1 of 2 pods are missing, and 0 are there");
  expect(problemOf([seven, eight, line("seq-00000001")], ledger)).toContain("0 of 2 pods are missing, and 1 are there");
  expect(problemOf([], ledger)).toContain("2 of 2 pods are missing");
});

test("a line with other members is a problem", () => {
  expect(problemOf([seven.replace(`"podIP":"",`, "")], ledger)).toContain("a line has _id,name,uid,hostIP");
});
