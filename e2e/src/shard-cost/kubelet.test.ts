import { expect, test } from "vitest";
import { cpuMs } from "./kubelet.ts";

test("the processor time is user and system of stat, whatever the program's name", () => {
  const rest = "S 1 91 1 34816 91 1077936384 27540 1 20 0 321 45 7 8 20 0 17 0 1234";
  expect(cpuMs(`91 (kubelet) ${rest}`)).toBe(3660);
  expect(cpuMs(`91 (a b) c) ${rest}`)).toBe(3660);
});

test("what is no stat is refused", () => {
  expect(() => cpuMs("")).toThrow("this is no /proc/<pid>/stat");
});
